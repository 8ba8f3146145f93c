import CacheStores
import InMemoryTracing
import Testing
import TokenVerification
import Tracing

/// A cache that keeps nothing asks within its caller's task, where a test can put a tracer of its own.
@Suite struct TracingTests {
    private let tracer = InMemoryTracer()

    private func verify(_ authority: ScriptedAuthority) async throws {
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: TokenCache(timeToLive: nil))
        try await withTracer(tracer) { _ = try await verifier.verify(BearerToken("abc")) }
    }

    @Test func `a question is a span`() async throws {
        try await verify(Scene().accepting())
        let span = try #require(tracer.finishedSpans.first)
        #expect(tracer.finishedSpans.count == 1)
        #expect(span.operationName == "token verification")
        #expect(span.kind == .client)
        #expect(span.attributes.get("token.authority") == "scripted")
        #expect(span.errors.isEmpty)
    }

    @Test
    func `a question without an answer is a span with its error, and fails as it does without a tracer`()
        async throws
    {
        let authority = ScriptedAuthority { _ throws(VerificationError) in
            throw VerificationError(.rateLimited, retryAfter: .seconds(7))
        }
        let error = await #expect(throws: VerificationError.self) { try await verify(authority) }
        #expect(error == VerificationError(.rateLimited, retryAfter: .seconds(7)))
        #expect(tracer.finishedSpans.map(\.errors.count) == [1])
    }
}
