import HTTPTransports
import HTTPTypes
import Measuring
import Synchronization
import TokenVerification
import TokenVerificationTestSupport

/// An authority on loopback, everything that a question passes on its way there, and what else one can ask with.
final class QuestionBench: Sendable {
    private static let lonely = 2000
    private static let busy = 64 * 250

    let server: AuthorityServer
    let cache: TokenCache

    private let transport: CurlTransport
    private let verifier: IntrospectionTokenVerifier
    private let endpoint: HTTPEndpoint
    private let peer: PlainVerifier
    private let floor: CurlRequest
    private let next = Atomic(0)

    init() async throws {
        server = try await AuthorityServer.start()
        transport = try CurlTransport()
        cache = try TokenCache(timeToLive: .seconds(300), capacity: 10_000)
        verifier = try SampleVerifier.verifier(asking: transport, at: server.url, in: cache)
        endpoint = try HTTPEndpoint(server.url)
        peer = PlainVerifier(
            asking: server.url,
            clientID: "benchmark",
            clientSecret: "benchmark",
            connections: CurlTransport.Configuration().maximumConnectionsPerHost
        )
        floor = try CurlRequest(server.url, body: SampleAnswer.question(about: Sample.text(0)))
    }

    /// `verify` of tokens that are new, by 64 tasks.
    var ours: Contender {
        .rate(
            of: Self.busy,
            given: { try self.newTokens(Self.busy) },
            { try await self.verify($0, tasks: 64) }
        )
    }

    /// The same by one task.
    var oursAlone: Contender {
        .time(
            of: Self.lonely,
            given: { try self.newTokens(Self.lonely) },
            { try await self.verify($0, tasks: 1) }
        )
    }

    /// What one writes without this package, by 64 tasks.
    var peers: Contender {
        .rate(
            of: Self.busy,
            given: { self.newTexts(Self.busy) },
            { [peer] in try await inParallel(64, of: $0) { _ = try await peer.verify($0) } }
        )
    }

    /// The same by one task.
    var peersAlone: Contender {
        .time(
            of: Self.lonely,
            given: { self.newTexts(Self.lonely) },
            { [peer] in for text in $0 { _ = try await peer.verify(text) } }
        )
    }

    /// `CurlTransport` without a verifier, by 64 tasks.
    var transports: Contender {
        .rate(of: Self.busy) { try await self.ask(Self.busy, tasks: 64) }
    }

    /// The same by one task.
    var transportsAlone: Contender {
        .time(of: Self.lonely) { try await self.ask(Self.lonely, tasks: 1) }
    }

    /// A blocking `curl_easy`, which asks about one token again and again.
    var curlAlone: Contender {
        .time(of: Self.lonely) { [floor] in for _ in 0..<Self.lonely { try floor.send() } }
    }

    /// `wrk` with 64 connections.
    var wrk: Contender {
        .figure { [server] in try await server.load(connections: 64) }
    }

    /// How many requests the authority has had.
    func requests() async throws -> Int {
        let reply = try await transport.response(
            to: HTTPEndpoint(server.countURL).request(.get),
            body: [],
            limits: HTTPExchangeLimits()
        )
        guard let count = Int(String(decoding: reply.body, as: UTF8.self)) else {
            throw BenchmarkError("the authority does not count")
        }
        return count
    }

    /// Tokens that have not been asked about yet.
    func newTokens(_ count: Int) throws -> [BearerToken] {
        try newTexts(count).map { try BearerToken($0) }
    }

    func verify(_ tokens: [BearerToken], tasks: Int) async throws {
        try await inParallel(tasks, of: tokens) { [verifier] in _ = try await verifier.verify($0) }
    }

    private func newTexts(_ count: Int) -> [String] {
        let first = next.add(count, ordering: .relaxed).oldValue
        return Sample.texts(first..<first + count)
    }

    /// Sends the same questions by the transport alone, and does nothing with the answers.
    private func ask(_ count: Int, tasks: Int) async throws {
        var request = endpoint.request(.post)
        for (name, value) in SampleAnswer.fields {
            HTTPField.Name(name).map { request.headerFields[$0] = value }
        }
        let body = Array(SampleAnswer.question(about: Sample.text(0)).utf8)
        try await inParallel(tasks, over: 0..<count) { [transport, request] range in
            for _ in range {
                let reply = try await transport.response(
                    to: request,
                    body: body,
                    limits: HTTPExchangeLimits()
                )
                guard reply.head.status == .ok else { throw BenchmarkError("the authority failed") }
            }
        }
    }

    @Sendable func end() async {
        await cache.shutdown()
        await transport.shutdown()
        await peer.shutdown()
        await server.stop()
    }
}
