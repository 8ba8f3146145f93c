import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

/// Lives are shortened by a part that depends on the key, if that is asked for.
@Suite(.timeLimit(.minutes(10))) struct LifeJitterTests {
    private let scene = Scene()

    private func options(_ jitter: Double) -> TokenCacheOptions {
        var options = scene.options
        options.lifeJitter = jitter
        return options
    }

    /// How long the records of many tokens live that are stored at one moment.
    private func lives(of count: Int, jitter: Double) async throws -> [CacheKey: Duration] {
        let store = ScriptedByteStore(try MemoryStore(capacity: 20_000, clock: scene.wallClock))
        let verifier = try scene.verifier(scene.accepting(), over: store, options: options(jitter))
        for number in 0..<count { _ = try await verifier.source("token\(number)") }
        var lives: [CacheKey: Duration] = [:]
        for key in store.keys {
            let entry = try #require(try await store.wrapped.entry(for: key))
            lives[key] = scene.clock.now.duration(to: entry.expiry)
        }
        return lives
    }

    @Test func `lives are exact without it`() async throws {
        #expect(Set(try await lives(of: 100, jitter: 0).values) == [.seconds(300)])
    }

    @Test func `ten thousand tokens do not expire at one moment, and none lives longer than asked`()
        async throws
    {
        let lives = try await lives(of: 10_000, jitter: 0.2)
        #expect(lives.count == 10_000)
        #expect(lives.values.allSatisfy { (.seconds(240) ... .seconds(300)).contains($0) })
        let perSecond = Dictionary(grouping: lives.values) { $0.components.seconds }.mapValues(\.count)
        #expect(perSecond.count >= 60)
        #expect(perSecond.values.max() ?? 0 < 300, "a sixtieth of them is 167")
    }

    @Test func `every process computes the same life of a key`() async throws {
        let one = try await lives(of: 500, jitter: 0.2)
        let two = try await lives(of: 500, jitter: 0.2)
        #expect(one == two)
    }

    @Test func `a process heeds its own jitter, not that of the process which stored the answer`()
        async throws
    {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let authority = scene.accepting()
        let exact = try scene.verifier(authority, over: store, options: options(0))
        let jittered = try scene.verifier(authority, over: store, options: options(0.5))
        for number in 0..<100 { _ = try await exact.source("\(number)") }
        scene.clock.advance(by: .milliseconds(149_999))
        for number in 0..<100 { #expect(try await jittered.source("\(number)") == .store) }
        scene.clock.advance(by: .seconds(75))
        for number in 0..<100 { #expect(try await exact.source("\(number)") == .store) }
        for number in 0..<100 { _ = try await jittered.source("\(number)") }
        #expect((120...180).contains(authority.questions), "half of a hundred are asked about anew")
    }

    @Test(arguments: [-0.1, 0.51, .nan, .infinity])
    func `a share that is none is an error`(jitter: Double) {
        #expect(throws: ConfigurationError.self) {
            try TokenCache(timeToLive: .seconds(300), options: options(jitter))
        }
    }
}
