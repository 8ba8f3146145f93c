package import ArgumentParser
import Foundation
import HTTPTransports
import HTTPTypes
import Listening
import TokenVerification

/// The command `token-gate forget`.
package struct Forget: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Make a running gate, and all that share its store, forget a token, a subject or a client.",
        discussion: """
            The admin secret comes from TOKEN_GATE_ADMIN_SECRET, or from the file that TOKEN_GATE_ADMIN_SECRET_FILE names.
            A token is never an argument, since every user of the machine can read those.

            What is forgotten is not revoked: its next use asks the authority.
            Status 64: the options make no sense. Status 69: the gate did not confirm.
            """
    )

    @Option(
        help: ArgumentHelp("The gate's address; https, or http on a loopback host.", valueName: "url")
    )
    var gate: String

    @Option(help: ArgumentHelp("All tokens of this subject.", valueName: "subject"))
    var subject: String?

    @Option(
        name: .customLong("client-id"),
        help: ArgumentHelp("All tokens that were issued to this client.", valueName: "id")
    )
    var clientID: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("One token, in a file; - for standard input.", valueName: "path")
    )
    var tokenFile: String?

    package init() {}

    package func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let secret = try GivenSecret(.adminSecret, environment: environment)?.text(),
            (try? BearerToken(secret)) != nil
        else {
            throw CommandFailure.usage(
                "\(Setting.adminSecret.variable) or its …_FILE is needed, with the secret that the gate has"
            )
        }
        let request = try request(presenting: secret)
        let form = try form()
        let transport = try CurlTransport()
        let reply: HTTPReply
        do {
            reply = try await transport.response(
                to: request,
                body: form,
                limits: HTTPExchangeLimits(deadline: .seconds(30))
            )
        } catch {
            await transport.shutdown()
            throw CommandFailure.unavailable("\(gate): the gate did not answer (\(error))")
        }
        await transport.shutdown()
        try Self.check(reply.head.status.code)
    }

    private func request(presenting secret: String) throws(CommandFailure) -> HTTPRequest {
        do {
            let endpoint = try HTTPEndpoint(gate).appending(path: "/forget")
            return endpoint.request(
                .post,
                headerFields: [
                    .authorization: "Bearer \(secret)", .contentType: "application/x-www-form-urlencoded",
                ]
            )
        } catch {
            throw .usage("--gate: \(error.message)")
        }
    }

    private func form() throws(CommandFailure) -> [UInt8] {
        switch (subject, clientID, tokenFile) {
        case (let subject?, nil, nil) where !subject.isEmpty: return Self.form("subject", subject)
        case (nil, let client?, nil) where !client.isEmpty: return Self.form("client_id", client)
        case (nil, nil, let path?): return Self.form("token", try Self.token(in: path))
        default: throw .usage("one of these is needed: --subject, --client-id, --token-file")
        }
    }

    private static func form(_ name: String, _ value: String) -> [UInt8] {
        let value = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return Array("\(name)=\(value)".utf8)
    }

    /// Reads a token, and shows nothing of what it reads.
    private static func token(in path: String) throws(CommandFailure) -> String {
        let file = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let data = try? file?.read(upToCount: GivenSecret.maximumSize) else {
            throw .unavailable("--token-file: \(path) can't be read")
        }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard (try? BearerToken(text)) != nil else {
            throw .usage("--token-file: \(path) holds no bearer token")
        }
        return text
    }

    private static func check(_ status: Int) throws(CommandFailure) {
        switch status {
        case 204: return
        case 400:
            throw .unavailable(
                "the gate forgets no such thing: for subjects and clients it needs --revocation-marks"
            )
        case 401: throw .unavailable("the gate has another admin secret")
        case 404: throw .unavailable("the gate has no admin secret, so it accepts no request to forget")
        case 503: throw .unavailable("the gate's store did not confirm; ask again")
        default: throw .unavailable("the gate answered with status \(status)")
        }
    }
}
