package import Foundation
package import HTTPTransports
import HTTPTypes
import TokenVerificationTestSupport

/// A running TokenGate.
package final class GateProcess: Sendable {
    package static let adminSecret = "the-examples-admin-secret"

    package let client: Client
    package var identifier: pid_t { process.identifier }
    private let process: ChildProcess

    /// Starts one that listens on any free port and asks an authorization server of the examples.
    ///
    /// - Parameters:
    ///   - authority: the authorization server's address.
    ///   - arguments: further options.
    ///   - environment: further variables.
    ///   - errors: where its standard error goes.
    /// - Throws: `TestFailure` if it does not start.
    package convenience init(
        asking authority: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        errors: FileHandle = .standardError
    ) async throws {
        try await self.init(
            ["--introspection-endpoint", authority + "/introspect", "--client-id", "gate"] + arguments,
            environment.merging(["TOKEN_GATE_CLIENT_SECRET": AuthorityProcess.clientSecret]) { given, _ in
                given
            },
            errors
        )
    }

    /// Starts one that listens on any free port, and takes everything else from a file of settings.
    package convenience init(
        configured path: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        errors: FileHandle = .standardError
    ) async throws {
        try await self.init(["--config", path] + arguments, environment, errors)
    }

    private init(
        _ arguments: [String],
        _ environment: [String: String],
        _ errors: FileHandle
    ) async throws {
        process = try ChildProcess(
            .sibling("token-gate"),
            ["serve", "--listen", "127.0.0.1:0"] + arguments,
            environment: environment.merging(["TOKEN_GATE_ADMIN_SECRET": Self.adminSecret]) { given, _ in
                given
            },
            errors: errors
        )
        client = try Client(try await process.address())
    }

    /// Asks its listener for those who run it, which needs `--admin-listen`; the caller closes the client.
    package func admin() async throws -> Client {
        try Client(try await process.address(of: "token-gate administration"))
    }

    /// Asks about a request that bears a token.
    package func verify(_ token: String) async throws -> HTTPReply {
        try await client.send(.get, "/verify", authorization: "Bearer \(token)")
    }

    /// Makes it forget a token.
    package func forget(_ token: String) async throws -> HTTPReply {
        try await forget(["token": token])
    }

    /// Makes it forget what a form says: a `token`, a `subject` or a `client_id`.
    package func forget(_ form: KeyValuePairs<String, String>) async throws -> HTTPReply {
        try await client.send(.post, "/forget", authorization: "Bearer \(Self.adminSecret)", form: form)
    }

    /// Makes it revoke a signed token.
    package func revoke(_ token: String) async throws -> HTTPReply {
        try await client.send(
            .post,
            "/revoke",
            authorization: "Bearer \(Self.adminSecret)",
            form: ["token": token]
        )
    }

    /// Asks it to end, and gives its status.
    @discardableResult
    package func stop() async throws -> Int32 {
        await client.close()
        return try await process.terminate()
    }

    /// Makes it read its configuration again.
    package func hangUp() {
        process.signal(SIGHUP)
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
}

extension HTTPReply {
    /// Where the answer came from, as a gate says: `hit`, `miss`, `shared` or `stale`.
    package var source: String? { self["X-Token-Cache"] }

    package subscript(name: String) -> String? {
        HTTPField.Name(name).flatMap { head.headerFields[$0] }
    }
}
