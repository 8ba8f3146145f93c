import CacheStores
import InMemoryTracing
import Testing
import TokenVerification
import TokenVerificationTestSupport
import Tracing

@Suite(.timeLimit(.minutes(10))) struct TracingTests {
    private let tracer = InMemoryTracer()

    private func verify(_ authority: ScriptedAuthority, timeToLive: Duration? = nil) async throws {
        let cache = try TokenCache(timeToLive: timeToLive)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        try await withTracer(tracer) { _ = try await verifier.verify(BearerToken("abc")) }
    }

    /// A caller in a span of its own.
    private func caller(
        _ name: String,
        of verifier: AuthorityTokenVerifier<ScriptedAuthority>
    ) -> Task<Void, any Error> {
        withTracer(tracer) {
            withSpan(name) { _ in Task { _ = try await verifier.source("abc") } }
        }
    }

    private func finishedSpan(_ name: String) throws -> FinishedInMemorySpan {
        try #require(tracer.finishedSpans.first { $0.operationName == name })
    }

    @Test(arguments: [Duration.seconds(300), nil])
    func `a question is a span within its caller's`(timeToLive: Duration?) async throws {
        let verifier = try AuthorityTokenVerifier(
            authority: Scene().accepting(),
            cache: TokenCache(timeToLive: timeToLive)
        )
        try await caller("request", of: verifier).value
        let (request, question) = (try finishedSpan("request"), try finishedSpan("token verification"))
        #expect(question.traceID == request.traceID && question.parentSpanID == request.spanID)
        #expect(question.links.isEmpty)
    }

    @Test func `a question that is shared is within the first caller's span, and linked to the others'`()
        async throws
    {
        let gate = Gate()
        let authority = ScriptedAuthority { [tracer] token in
            await withTracer(tracer) { await withSpan("exchange") { _ in await gate.pass() } }
            return .accepted(Scene().answer(to: token), cacheable: true)
        }
        let verifier = try AuthorityTokenVerifier(
            authority: authority,
            cache: TokenCache(timeToLive: .seconds(300))
        )
        let first = caller("first", of: verifier)
        try await eventually { authority.questions == 1 }
        let others = [caller("second", of: verifier), caller("third", of: verifier)]
        try await eventually {
            tracer.activeSpans.contains { $0.operationName == "token verification" && $0.links.count == 2 }
        }
        gate.open()
        for caller in [first] + others { try await caller.value }
        let question = try finishedSpan("token verification")
        #expect(try question.parentSpanID == finishedSpan("first").spanID)
        #expect(try finishedSpan("exchange").parentSpanID == question.spanID)
        let linked = Set(question.links.compactMap { $0.context.inMemorySpanContext?.spanID })
        #expect(try linked == [finishedSpan("second").spanID, finishedSpan("third").spanID])
    }

    @Test(arguments: [Duration.seconds(300), nil])
    func `a question is a span`(timeToLive: Duration?) async throws {
        try await verify(Scene().accepting(), timeToLive: timeToLive)
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
