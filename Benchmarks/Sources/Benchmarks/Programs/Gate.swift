import Foundation
import HTTPTransports
import HTTPTypes
import TokenVerificationTestSupport

/// A running TokenGate with an authority of its own, and clients that know a thousand tokens.
final class Gate: Sendable {
    private static let connections = 16

    private let gate: ExampleServer
    private let authority: ExampleServer
    private let directory: TemporaryDirectory
    private let verification: String
    private let health: String

    /// Starts one with the options that say where answers are kept.
    init(keeping store: [String]) async throws {
        directory = try TemporaryDirectory()
        authority = try await .authority()
        gate = try await .gate(asking: authority.address, keeping: store)
        let tokens = try await Self.issueTokens(1000, at: authority.address)
        verification = try directory.write(
            """
            local tokens = { \(tokens.map { "\"\($0)\"" }.joined(separator: ", ")) }
            local place = 0
            function request()
                place = place % #tokens + 1
                return wrk.format("GET", "/verify", { ["Authorization"] = "Bearer " .. tokens[place] })
            end
            """,
            to: "verify.lua"
        )
        health = try directory.write(
            "function request() return wrk.format(\"GET\", \"/healthz\") end",
            to: "health.lua"
        )
    }

    /// The gate under a closed load of verifications: the latency's percentiles, and the gate's processor time for a
    /// request, in nanoseconds.
    func verify() async throws -> [Double] {
        try await figures(of: verification)
    }

    /// The same of requests that it need not think about.
    func idle() async throws -> [Double] {
        try await figures(of: health)
    }

    func stop() async {
        await gate.stop()
        await authority.stop()
    }

    private func figures(of script: String) async throws -> [Double] {
        let before = try gate.processorTime()
        let load = try await Load.run(on: gate.address, script: script, connections: Self.connections)
        return load.percentiles + [(try gate.processorTime() - before) / load.requests]
    }

    private static func issueTokens(_ count: Int, at authority: String) async throws -> [String] {
        let transport = try CurlTransport()
        let credentials = Data("gate:\(ExampleServer.secret)".utf8).base64EncodedString()
        let request = try HTTPEndpoint("\(authority)/token").request(
            .post,
            headerFields: [
                .authorization: "Basic \(credentials)", .contentType: "application/x-www-form-urlencoded",
            ]
        )
        var tokens: [String] = []
        for number in 0..<count {
            let form = "grant_type=client_credentials&scope=read&subject=user\(number)"
            let reply = try await transport.response(
                to: request,
                body: Array(form.utf8),
                limits: HTTPExchangeLimits()
            )
            let answer = try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any]
            guard let token = answer?["access_token"] as? String else {
                throw BenchmarkError("the authorization server issued no token")
            }
            tokens.append(token)
        }
        await transport.shutdown()
        return tokens
    }
}
