import ArgumentParser
import Foundation
import Hummingbird
import Listening
import Logging

/// A small OAuth 2 authorization server for trying things out.
@main struct AuthorizationServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorization-server",
        abstract: "A small OAuth 2 authorization server on loopback, for trying things out.",
        discussion: """
            POST /token       client credentials (RFC 6749 §4.4); the fields subject and expires_in may be added
            POST /introspect  what a token means (RFC 7662)
            POST /revoke      end a token (RFC 7009)
            GET  /questions   how often /introspect was asked

            All of the first three want the client's id and secret by HTTP Basic. The secret comes from the
            environment: AUTHORIZATION_SERVER_CLIENT_SECRET.
            """
    )

    static let secretVariable = "AUTHORIZATION_SERVER_CLIENT_SECRET"

    @Option(help: ArgumentHelp("Where to listen; loopback only.", valueName: "host:port"))
    var listen = "127.0.0.1:0"

    @Option(name: .customLong("client-id"), help: "The only client's id.")
    var clientID = "gate"

    @Option(help: ArgumentHelp("How long an introspection takes.", valueName: "milliseconds"))
    var delay = 0

    @Option(
        help: ArgumentHelp("A file that keeps the tokens (default: they end with it).", valueName: "path")
    )
    var tokens: String?

    func run() async throws {
        guard let address = ListenAddress(listen), case .tcp(let host, _) = address,
            ["127.0.0.1", "localhost", "::1"].contains(host)
        else {
            throw CommandFailure.usage("--listen: a loopback address and a port are needed, not \(listen)")
        }
        guard (0...60_000).contains(delay) else {
            throw CommandFailure.usage("--delay: 0 to 60000 are possible")
        }
        guard let secret = ProcessInfo.processInfo.environment[Self.secretVariable], !secret.isEmpty else {
            throw CommandFailure.usage("\(Self.secretVariable) is not set")
        }
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .notice
            return handler
        }
        let endpoints = Endpoints(
            credentials: ClientCredentials(id: clientID, secret: secret),
            delay: .milliseconds(delay),
            register: try TokenRegister(file: tokens.map { URL(fileURLWithPath: $0) })
        )
        let server = ListeningServer(
            name: "authorization-server",
            address: address,
            logger: Logger(label: "authorization-server")
        )
        try await server.run(endpoints.router.buildResponder())
    }

    static func main() async {
        await Command.main(Self.self)
    }
}
