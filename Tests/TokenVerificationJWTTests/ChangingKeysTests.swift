import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationJWT
import TokenVerificationTestSupport

/// Sets that change while they are read, and large ones.
@Suite(.timeLimit(.minutes(10)))
struct ChangingKeysTests {
    private let clock = TokenVerificationJWTTests.clock()
    private let server = KeyServer()
    private let first: TestKey
    private let second: TestKey
    private let third: TestKey

    init() throws {
        first = try TestKey(name: "first")
        second = try TestKey(name: "second")
        third = try TestKey(name: "third")
        serve([try first.json()])
    }

    private func serve(_ keys: [String]) { server.serve(#"{"keys":[\#(keys.joined(separator: ","))]}"#) }

    private func issuer() throws -> JWTIssuer {
        try JWTIssuer(
            issuerName,
            audiences: .oneOf([audience]),
            keys: JSONWebKeySource(
                url: "https://issuer.example/jwks",
                options: .unhurried,
                transport: server,
                clock: WallClock(clock)
            )
        )
    }

    private func token(_ key: TestKey) throws -> String {
        try key.token(payload: payload(["exp": "9000000"]))
    }

    private func reason(_ issuer: JWTIssuer, _ key: TestKey) async throws -> VerificationError.Reason? {
        await TokenVerificationJWTTests.reason(issuer, try token(key), clock: clock)
    }

    @Test func `a set that changes while it is read counts as it was read, until the next fetch`()
        async throws
    {
        let issuer = try issuer()
        #expect(try await reason(issuer, first) == nil)
        clock.advance(by: .seconds(30))
        serve([try second.json()])
        server.hold()
        let early = Task { try await reason(issuer, second) }
        try await eventually { server.requests.count >= 2 }
        // Published after the set was read, and before the reply comes.
        serve([try third.json()])
        let late = Task { try await reason(issuer, third) }
        #expect(try await reason(issuer, first) == nil, "known keys wait for nothing")
        // A few turns only: on a busy machine each takes a while, and the fetch has a deadline.
        for _ in 0..<20 { await Task.yield() }
        server.release()
        #expect(try await early.value == nil)
        #expect(try await late.value == .awaitingKeys, "that the key is unknown is not certain")
        #expect(try await reason(issuer, first) == .awaitingKeys)
        clock.advance(by: .seconds(30))
        #expect(try await reason(issuer, third) == nil)
        #expect(try await reason(issuer, second) == .awaitingKeys)
        #expect(server.requests.count == 3)
    }

    @Test func `a key that stays is never refused, however often the set changes`() async throws {
        let issuer = try issuer()
        let kept = try token(first)
        let (mine, theirs) = (try [first.json(), second.json()], try [third.json(), first.json()])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { [clock] in
                    for _ in 0..<200 {
                        let reason = await TokenVerificationJWTTests.reason(issuer, kept, clock: clock)
                        #expect(reason == nil)
                        await Task.yield()
                    }
                }
            }
            for round in 0..<100 {
                serve(round.isMultiple(of: 2) ? mine : theirs)
                clock.advance(by: .seconds(30))
                let other = round.isMultiple(of: 2) ? second : third
                #expect(try await [nil, .awaitingKeys].contains(reason(issuer, other)))
            }
            try await group.waitForAll()
        }
    }

    @Test func `a token of the last of 1 000 keys is accepted, and one of a thousand and first set is not`()
        async throws
    {
        let json = try second.json()
        let others = (0..<999).map { json.replacing(#""kid":"second""#, with: #""kid":"\#($0)""#) }
        let issuer = try issuer()
        serve(try others + [first.json()])
        #expect(try await reason(issuer, first) == nil)
        #expect(issuer.keys.keys?.keys.count == 1_000)
        clock.advance(by: .seconds(30))
        serve(try others + [first.json(), third.json()])
        #expect(try await reason(issuer, third) == .awaitingKeys)
        #expect(try await reason(issuer, first) == nil, "the last good set stays in use")
    }

    @Test func `a set over the limit is an outage, and the last good one stays in use`() async throws {
        let large = #"{"keys":[\#(try first.json())],"x":"\#(String(repeating: "x", count: 1 << 20))"}"#
        let issuer = try issuer()
        server.serve(large)
        #expect(try await reason(issuer, first) == .malformedAnswer)
        serve([try first.json()])
        clock.advance(by: .seconds(30))
        #expect(try await reason(issuer, first) == nil)
        server.serve(large)
        clock.advance(by: .seconds(30))
        #expect(try await reason(issuer, second) == .awaitingKeys)
        #expect(try await reason(issuer, first) == nil)
    }

    private func verifier(
        _ cache: TokenCache,
        audiences: JWTAudiences = .oneOf([audience]),
        algorithms: Set<SigningAlgorithm> = JWTIssuer.defaultAlgorithms
    ) throws -> AuthorityTokenVerifier<JWTIssuer> {
        let keys = try JSONWebKeySource(
            url: "https://issuer.example/jwks",
            options: .unhurried,
            transport: server,
            clock: WallClock(clock)
        )
        let issuer = try JWTIssuer(issuerName, audiences: audiences, algorithms: algorithms, keys: keys)
        return try AuthorityTokenVerifier(authority: issuer, cache: cache)
    }

    @Test func `a kept answer counts only for the algorithms and audiences that it was given for`()
        async throws
    {
        var options = TokenCacheOptions()
        options.clock = WallClock(clock)
        let cache = try TokenCache(timeToLive: .seconds(100), options: options)
        let token = try BearerToken(token(first))
        let original = try verifier(cache)
        for source in [Verification.Source.authority, .memory] {
            #expect(try await original.verification(of: token).source == source)
        }
        let otherAlgorithms = try verifier(cache, algorithms: [.rs256])
        await #expect(throws: VerificationError(.algorithmNotAllowed)) {
            try await otherAlgorithms.verify(token)
        }
        let otherAudience = try verifier(cache, audiences: .oneOf(["https://other.example"]))
        await #expect(throws: VerificationError(.wrongAudience)) { try await otherAudience.verify(token) }
        let wider = try verifier(cache, audiences: .oneOf([audience, "https://other.example"]))
        #expect(try await wider.verification(of: token).source == .authority)
        #expect(try await original.verification(of: token).source == .memory)
    }
}
