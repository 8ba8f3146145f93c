import HTTPTransports
import HTTPTypes
import Synchronization
import TokenVerification
import TokenVerificationTestSupport

/// An authority on loopback, and everything that a question passes on its way there.
final class QuestionBench: Sendable {
    let server: AuthorityServer
    let cache: TokenCache

    private let transport: CurlTransport
    private let verifier: IntrospectionTokenVerifier
    private let endpoint: HTTPEndpoint
    private let next = Atomic(0)

    init() async throws {
        server = try await AuthorityServer.start()
        transport = try CurlTransport()
        cache = try TokenCache(timeToLive: .seconds(300), capacity: 10_000)
        verifier = try SampleVerifier.verifier(asking: transport, at: server.url, in: cache)
        endpoint = try HTTPEndpoint(server.url)
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
        let first = next.add(count, ordering: .relaxed).oldValue
        return try Sample.texts(first..<first + count).map { try BearerToken($0) }
    }

    func verify(_ tokens: [BearerToken], tasks: Int) async throws {
        try await inParallel(tasks, of: tokens) { [verifier] in _ = try await verifier.verify($0) }
    }

    /// Sends the same questions by the transport alone, and does nothing with the answers.
    func ask(_ count: Int, tasks: Int) async throws {
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
        await server.stop()
    }
}
