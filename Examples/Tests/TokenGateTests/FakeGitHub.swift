import HTTPTypes
import Hummingbird
import HummingbirdCore

/// GitHub's interface as far as a gate asks it, on a free port of the loopback interface.
enum FakeGitHub {
    /// Serves while a test runs, and hands it the interface's address.
    static func run(test: (String) async throws -> Void) async throws {
        let router = Router()
        router.get("user") { request, _ in
            guard request.headers[.authorization] == "Bearer gho_alice" else {
                throw HTTPError(.unauthorized)
            }
            return answer(#"{"id": 7, "login": "alice"}"#, scopes: "repo, user")
        }
        router.post("applications/app/token") { request, _ in
            // "app:secret", and the token that is asked about.
            guard request.headers[.authorization] == "Basic YXBwOnNlY3JldA==" else {
                throw HTTPError(.unauthorized)
            }
            let body = String(buffer: try await request.body.collect(upTo: 1_000))
            guard body.contains("gho_ours") else { throw HTTPError(.notFound) }
            return answer(#"{"user": {"id": 7, "login": "alice"}, "scopes": ["repo"], "expires_at": null}"#)
        }
        try await FakeServer.run(router, test: test)
    }

    private static func answer(_ json: String, scopes: String? = nil) -> Response {
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        if let scopes, let name = HTTPField.Name("X-OAuth-Scopes") { headers[name] = scopes }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: json))
        )
    }
}
