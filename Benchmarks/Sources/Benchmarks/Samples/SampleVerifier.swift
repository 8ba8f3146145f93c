import HTTPTransports
import TokenVerification

/// A verifier as a user makes one, over a cache of any kind, and the tokens that it knows.
struct SampleVerifier: Sendable {
    private(set) var tokens: [BearerToken]
    let cache: TokenCache
    private let verifier: IntrospectionTokenVerifier

    /// Lets the authority answer for every token once, by so many tasks at once.
    init(_ texts: [String], tasks: Int = 2, in cache: TokenCache) async throws {
        tokens = try texts.map { try BearerToken($0) }
        self.cache = cache
        verifier = try Self.verifier(asking: SampleTransport(), in: cache)
        try await inParallel(tasks, of: tokens) { [verifier] token in _ = try await verifier.verify(token) }
        guard cache.statistics.questions == tokens.count else {
            throw BenchmarkError("the authority was not asked once about every token")
        }
    }

    /// The same verifier with its tokens in another order, in which some may come often and others never.
    func reordered(_ order: [Int]) -> Self {
        var copy = self
        copy.tokens = order.map { tokens[$0] }
        return copy
    }

    static func verifier(
        asking transport: any HTTPTransport,
        at url: String = "http://127.0.0.1/introspect",
        in cache: TokenCache
    ) throws -> IntrospectionTokenVerifier {
        let endpoint = try IntrospectionEndpoint(
            url: url,
            clientID: "benchmark",
            clientSecret: ClientSecret("benchmark"),
            transport: transport
        )
        return try IntrospectionTokenVerifier(endpoint, requiring: .scopes("orders:read"), cache: cache)
    }

    /// Has the authority answer for tokens that are new, one after the other.
    func learn(_ texts: [String]) async throws {
        let asked = cache.statistics.questions
        for text in texts { _ = try await verifier.verify(BearerToken(text)) }
        guard cache.statistics.questions == asked + texts.count else {
            throw BenchmarkError("the authority was not asked once about every token")
        }
    }

    /// Verifies tokens one after the other, and makes sure that the cache knew each of them.
    func verify(_ range: Range<Int>, turns: Int = 1) async throws {
        let asked = cache.statistics.questions
        for _ in 0..<turns {
            for position in range { _ = try await verifier.verify(tokens[position]) }
        }
        guard cache.statistics.questions == asked else { throw BenchmarkError("the cache lost an answer") }
    }
}
