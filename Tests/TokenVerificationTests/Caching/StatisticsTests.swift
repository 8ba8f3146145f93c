import CacheStores
import CoreMetrics
import Dispatch
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import Testing
import TokenVerification
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct StatisticsTests {
    private let scene = Scene()

    @Test func `count what happened`() async throws {
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: scene.cache(.near))
        for _ in 0..<5 { _ = try await verifier.source("abc") }
        try await verifier.cache.forget(BearerToken("abc"))
        let statistics = verifier.cache.statistics
        #expect(statistics.questions == 1 && statistics.acceptances == 1 && statistics.removals == 1)
        #expect(statistics.storeHits == 1 && statistics.memoryHits == 3)
    }

    @Test func `reach swift-metrics`() async throws {
        let metrics = CountingMetrics()
        var options = TokenCacheOptions(metricsFactory: metrics)
        options.clock = scene.wallClock
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: cache)
        for number in 0..<5_000 { _ = try await verifier.source("abc\(number % 100)") }
        #expect(metrics.counts["question"] == 100)
        // Hits are reported a second later, the last ones too. Where all suites start at once, any task may be late, so
        // another one that sleeps as long is the measure.
        let reference = Task.detached {
            try await Task.sleep(for: .seconds(1))
            return ContinuousClock.now
        }
        try await eventually { metrics.counts["memoryHit"] == 4_900 }
        let reported = try #require(metrics.lastChange)
        #expect(try await reference.value.duration(to: reported) < .seconds(10))
        for number in 0..<7 { _ = try await verifier.source("abc\(number)") }
        try await eventually { metrics.counts["memoryHit"] == 4_907 }
        _ = try await verifier.source("abc1")
        await cache.shutdown()
        #expect(metrics.counts["memoryHit"] == 4_908)
    }

    @Test func `reach swift-metrics though the cache is released without a shutdown`() async throws {
        let metrics = CountingMetrics()
        do {
            var options = TokenCacheOptions(metricsFactory: metrics)
            options.clock = scene.wallClock
            let cache = try TokenCache(timeToLive: .seconds(300), options: options)
            let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: cache)
            for _ in 0..<10 { _ = try await verifier.source("abc") }
        }
        // A question's task may end a little later than its caller.
        try await eventually { metrics.counts["memoryHit"] == 9 }
    }

    @Test func `hold up no other caller while a metrics backend is slow`() async throws {
        let metrics = CountingMetrics()
        var options = TokenCacheOptions(metricsFactory: metrics)
        options.clock = scene.wallClock
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: cache)
        let end = DispatchSemaphore(value: 0)
        metrics.blockFirst { end.wait(timeout: .now() + 120) == .success }
        let caller = Task { try await verifier.source("abc") }
        try await eventually { metrics.isBlocked }
        #expect(try await verifier.source("def") == .authority)
        end.signal()
        _ = try await caller.value
        #expect(metrics.wasReleased, "the other caller waited for the backend")
    }

    @Test func `are not lost with many tasks`() async throws {
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: scene.cache(.memory))
        try await withThrowingTaskGroup { group in
            for task in 0..<4 {
                group.addTask { for _ in 0..<1_000 { _ = try await verifier.source("abc\(task)") } }
            }
            try await group.waitForAll()
        }
        let statistics = verifier.cache.statistics
        #expect(statistics.memoryHits + statistics.questions == 4_000 && statistics.questions == 4)
    }

    @Test func `shut down with their service group`() async throws {
        let store = try MemoryStore<VerifiedToken>(clock: scene.wallClock)
        let cache = try TokenCache(store: store, timeToLive: .seconds(1), options: scene.options)
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { try await cache.run() }
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        await #expect(throws: StoreError.self) { try await store.count() }
    }
}

/// Adds counters up by the value of their dimension `event`.
private final class CountingMetrics: MetricsFactory {
    private final class Handler: CounterHandler {
        let event: String
        let metrics: CountingMetrics

        init(_ event: String, _ metrics: CountingMetrics) {
            self.event = event
            self.metrics = metrics
        }

        func increment(by amount: Int64) {
            metrics.meetObstacle()
            metrics.totals.withLock { $0[event, default: 0] += amount }
            metrics.change.withLock { $0 = .now }
        }
        func reset() {}
    }

    private struct Obstacle: Sendable {
        var wait: (@Sendable () -> Bool)?
        var isMet = false
        var wasReleased = false
    }

    private let totals = Mutex<[String: Int64]>([:])
    private let change = Mutex<ContinuousClock.Instant?>(nil)
    private let obstacle = Mutex(Obstacle())

    /// When a counter was last incremented.
    var lastChange: ContinuousClock.Instant? { change.withLock { $0 } }

    /// Whether the first count is held up now, or was.
    var isBlocked: Bool { obstacle.withLock { $0.isMet } }

    /// Whether the count that was held up was released in time.
    var wasReleased: Bool { obstacle.withLock { $0.wasReleased } }

    /// Holds the first count up.
    ///
    /// - Parameter wait: waits, and says whether that ended in time.
    func blockFirst(_ wait: @escaping @Sendable () -> Bool) {
        obstacle.withLock { $0.wait = wait }
    }

    private func meetObstacle() {
        let wait = obstacle.withLock { obstacle in
            defer { (obstacle.wait, obstacle.isMet) = (nil, true) }
            return obstacle.wait
        }
        guard let isReleased = wait?() else { return }
        obstacle.withLock { $0.wasReleased = isReleased }
    }

    var counts: [String: Int64] { totals.withLock { $0 } }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Handler(dimensions.first { $0.0 == "event" }?.1 ?? label, self)
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        NOOPMetricsHandler.instance
    }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
