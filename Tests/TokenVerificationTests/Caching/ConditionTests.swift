import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

/// What a cache says of itself, for monitoring.
@Suite(.timeLimit(.minutes(10))) struct ConditionTests {
    private let scene = Scene()

    @Test func `an authority that does not answer is open until it answers`() async throws {
        let authority = failing(.unreachable)
        let verifier = try scene.verifier(authority)
        #expect(verifier.cache.condition.authorities.map(\.isOpen) == [false])
        for number in 0..<5 { _ = try? await verifier.source("\(number)") }
        #expect(verifier.cache.condition.authorities.map(\.isOpen) == [true])
        #expect(verifier.cache.condition.canDecide && !verifier.cache.condition.storeReadsAreOpen)
        scene.clock.advance(by: .milliseconds(1_500))
        #expect(verifier.cache.condition.authorities.map(\.isOpen) == [true])
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        #expect(try await verifier.source("good") == .authority)
        #expect(verifier.cache.condition.authorities.map(\.isOpen) == [false])
        #expect(verifier.cache.statistics.questionTimes.count == 6)
    }

    /// Their marks are in the store.
    @Test(arguments: [true, false])
    func `without a store, signed tokens are decided about only if that risk is taken`(
        isRiskTaken: Bool
    ) async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        store.fail(.lookup, .readMarks)
        var options = scene.options
        options.revocation.isOn = true
        options.revocation.acceptsUncheckedTokens = isRiskTaken
        let verifier = try scene.verifier(SigningAuthority(scene.wallClock), over: store, options: options)
        #expect(verifier.cache.condition.canDecide)
        for _ in 0..<5 { _ = try? await verifier.source("ada.0.600000.s1") }
        #expect(verifier.cache.condition.storeReadsAreOpen)
        #expect(verifier.cache.condition.canDecide == isRiskTaken)
    }

    @Test func `an authority that no verifier asks any more is not reported`() async throws {
        let cache = try TokenCache(timeToLive: .seconds(300), options: scene.options)
        func ask(_ authority: ScriptedAuthority) async throws {
            let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
            for number in 0..<5 { _ = try? await verifier.source("\(number)") }
        }
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: cache)
        try await ask(failing(.unreachable))
        _ = try await verifier.source("good")
        #expect(cache.condition.authorities.map(\.isOpen) == [false])
    }

    @Test func `times are counted by the bound that they do not exceed`() {
        var times = DurationHistogram()
        #expect(times.bound(of: 0.5) == nil)
        times.counts[1] = 98
        times.counts[3] = 1
        times.counts[DurationHistogram.bounds.count] = 1
        #expect(times.bound(of: 0.5) == .milliseconds(2) && times.bound(of: 0.99) == .milliseconds(10))
        #expect(times.bound(of: 1) == nil && times.count == 100)
    }

    @Test func `live answers that make room are counted`() async throws {
        let cache = try TokenCache(timeToLive: .seconds(300), capacity: 2, options: scene.options)
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: cache)
        for number in 0..<5 { _ = try await verifier.source("\(number)") }
        #expect(cache.statistics.evictions == 3)
    }
}
