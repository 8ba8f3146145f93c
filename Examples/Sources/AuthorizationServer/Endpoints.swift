import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The requests that the server answers; all but `GET /questions` need its credentials.
struct Endpoints: Sendable {
    private let credentials: ClientCredentials
    private let delay: Duration
    private let register: TokenRegister

    init(credentials: ClientCredentials, delay: Duration, register: TokenRegister) {
        self.register = register
        self.credentials = credentials
        self.delay = delay
    }

    var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("questions") { [register] _, _ in "\(register.questions)\n" }
        router.post("token") { request, _ in try issue(try await form(TokenForm.self, of: request)) }
        router.post("introspect") { request, _ in
            let form = try await form(OneToken.self, of: request)
            let grant = register.introspect(form.token)
            // Takes its time, as a real one across a network does; what it found stays as it was.
            try await Task.sleep(for: delay)
            return Introspection(grant)
        }
        router.post("revoke") { request, _ in
            try register.revoke(try await form(OneToken.self, of: request).token)
            return HTTPResponse.Status.ok
        }
        return router
    }

    private func form<Form: Decodable>(_ type: Form.Type, of request: Request) async throws -> Form {
        guard credentials.arePresented(in: request.headers[.authorization]) else {
            throw HTTPError(
                .unauthorized,
                headers: [.wwwAuthenticate: #"Basic realm="authorization-server""#]
            )
        }
        let body = String(buffer: try await request.body.collect(upTo: 65_536))
        guard let form = try? URLEncodedFormDecoder().decode(type, from: body) else {
            throw HTTPError(.badRequest, message: "invalid_request")
        }
        return form
    }

    private func issue(_ form: TokenForm) throws -> IssuedToken {
        let now = Date()
        let lifetime = min(max(form.expiresIn ?? 3600, 1), 86_400)
        let grant = Grant(
            subject: form.subject ?? credentials.id,
            clientID: credentials.id,
            scope: form.scope ?? "",
            issuedAt: now,
            expiry: now.addingTimeInterval(Double(lifetime))
        )
        return IssuedToken(accessToken: try register.issue(grant), expiresIn: lifetime, scope: grant.scope)
    }
}
