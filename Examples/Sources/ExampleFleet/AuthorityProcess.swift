package import Foundation
import HTTPTransports
import HTTPTypes
import TokenVerificationTestSupport

/// A running authorization server.
package final class AuthorityProcess: Sendable {
    package static let clientSecret = "the example's client secret"

    package let address: String
    private let process: ChildProcess
    private let client: Client

    /// Starts one.
    ///
    /// - Parameters:
    ///   - delay: how long an introspection takes.
    ///   - address: where an earlier one listened, or `nil` for any free port.
    ///   - tokens: the file that keeps its tokens when it ends, if any.
    ///   - errors: where its standard error goes.
    /// - Throws: `TestFailure` if it does not start.
    package init(
        delay: Duration = .zero,
        at address: String? = nil,
        tokens: URL? = nil,
        errors: FileHandle = .standardError
    ) async throws {
        let place = address.map { String($0.trimmingPrefix("http://")) } ?? "127.0.0.1:0"
        let milliseconds = Int(delay / .milliseconds(1))
        process = try ChildProcess(
            .sibling("authorization-server"),
            ["--listen", place, "--delay", String(milliseconds)]
                + (tokens.map { ["--tokens", $0.path] } ?? []),
            environment: ["AUTHORIZATION_SERVER_CLIENT_SECRET": Self.clientSecret],
            errors: errors
        )
        self.address = try await process.address()
        client = try Client(self.address)
    }

    /// Issues a token.
    package func token(
        for subject: String,
        scope: String,
        expiresIn seconds: Int = 3600
    ) async throws -> String {
        let form: KeyValuePairs = [
            "grant_type": "client_credentials", "subject": subject, "scope": scope,
            "expires_in": String(seconds),
        ]
        let reply = try await client.send(.post, "/token", authorization: Self.authorization, form: form)
        let answer = try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any]
        guard let token = answer?["access_token"] as? String else {
            throw TestFailure("the authorization server issued no token")
        }
        return token
    }

    package func revoke(_ token: String) async throws {
        let reply = try await client.send(
            .post,
            "/revoke",
            authorization: Self.authorization,
            form: ["token": token]
        )
        guard reply.head.status == .ok else {
            throw TestFailure("the authorization server revoked no token")
        }
    }

    /// How often it was asked what a token means.
    package func questions() async throws -> Int {
        let reply = try await client.send(.get, "/questions")
        let text = String(decoding: reply.body, as: UTF8.self).filter(\.isNumber)
        guard let number = Int(text) else {
            throw TestFailure("no number of questions")
        }
        return number
    }

    package func stop() async throws {
        await client.close()
        try await process.terminate()
    }

    /// Stops it where it is, or lets it go on.
    package func pause(_ isPaused: Bool) {
        process.pause(isPaused)
    }

    /// Ends it without warning.
    package func kill() async {
        await client.close()
        process.kill()
    }

    private static var authorization: String {
        "Basic " + Data("gate:\(clientSecret.percentEncoded)".utf8).base64EncodedString()
    }
}
