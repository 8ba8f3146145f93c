import CacheStores
import Metrics
import Synchronization

/// Counts the events of a cache, for its statistics and for swift-metrics.
///
/// A hit adds to one of several counters, chosen by the key, so that two cores seldom share one. Hits are reported to
/// swift-metrics a second later.
///
/// `@unchecked`: the pointer never changes, and it points to atomics.
final class TokenCacheMeter: @unchecked Sendable {
    enum Event: Int, CaseIterable {
        case memoryHit, storeHit, question, sharedAnswer, acceptance, refusal, refusalHit, failedQuestion
        case overload, storeFailure, unreadableRecord, removal, staleAnswer, sparedQuestion, sparedStore
        case fleetAnswer, markedAnswer, eviction, lease
        case refresh, refusedRefresh, failedRefresh, unneededRefresh

        var isHit: Bool { self == .memoryHit || self == .storeHit }
    }

    private static let stripeCount = 16
    /// The counters of one stripe lie on cache lines of their own.
    private static let stripeSize = 24
    /// How long after a hit it is reported.
    private static let interval = Duration.seconds(1)

    private let counters: UnsafeMutablePointer<Atomic<Int>>
    private let reported = Mutex([Int](repeating: 0, count: Event.allCases.count))
    private let metrics: [Counter]
    private let times = Mutex(DurationHistogram())
    private let timer: Metrics.Timer
    /// Whether hits are going to be reported.
    private let isReporting = Atomic(false)

    init(factory: any MetricsFactory) {
        let size = Self.stripeCount * Self.stripeSize
        counters = .allocate(capacity: size)
        for number in 0..<size { (counters + number).initialize(to: Atomic(0)) }
        metrics = Event.allCases.map {
            Counter(label: "token_cache_events", dimensions: [("event", "\($0)")], factory: factory)
        }
        timer = Metrics.Timer(label: "token_cache_question_time", dimensions: [], factory: factory)
    }

    /// How long questions took.
    var questionTimes: DurationHistogram { times.withLock { $0 } }

    deinit {
        report()
        counters.deinitialize(count: Self.stripeCount * Self.stripeSize)
        counters.deallocate()
    }

    /// Counts a hit: an atomic addition, and once a second the beginning of a report.
    func countHit(_ event: Event, for key: CacheKey) {
        let stripe = Int(truncatingIfNeeded: key.words.1) & (Self.stripeCount - 1)
        // In one order with the report's switch and sums, or the last hit could be left out.
        counter(event, stripe).pointee.add(1, ordering: .sequentiallyConsistent)
        if !isReporting.load(ordering: .sequentiallyConsistent) { reportLater() }
    }

    /// Counts something that is rarer than a hit, and reports it.
    func count(_ event: Event, times: Int = 1) {
        counter(event, 0).pointee.add(times, ordering: .relaxed)
        report(event)
    }

    /// Notes how long an authority took for a question.
    func noteQuestion(_ time: Duration) {
        times.withLock { $0.add(time) }
        timer.record(duration: time)
    }

    /// Reports to swift-metrics what was counted since the last report.
    func report() {
        for event in Event.allCases { report(event) }
    }

    private func reportLater() {
        guard !isReporting.exchange(true, ordering: .sequentiallyConsistent) else { return }
        // Ended by its own return, a second later. It does not keep the meter, which reports when it is released.
        Task.detached { [weak self] in
            try? await Task.sleep(for: Self.interval)
            guard let self else { return }
            isReporting.store(false, ordering: .sequentiallyConsistent)
            report()
        }
    }

    private func report(_ event: Event) {
        let difference = reported.withLock { reported in
            let total = total(event)
            defer { reported[event.rawValue] = total }
            return total - reported[event.rawValue]
        }
        // Outside the lock, since a metrics backend may do anything.
        if difference > 0 { metrics[event.rawValue].increment(by: difference) }
    }

    func total(_ event: Event) -> Int {
        (0..<Self.stripeCount).reduce(0) {
            $0 + counter(event, $1).pointee.load(ordering: .sequentiallyConsistent)
        }
    }

    private func counter(_ event: Event, _ stripe: Int) -> UnsafeMutablePointer<Atomic<Int>> {
        counters + (stripe * Self.stripeSize + event.rawValue)
    }
}
