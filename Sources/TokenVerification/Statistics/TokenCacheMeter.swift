import CacheStores
import Metrics
import Synchronization

/// Counts what a cache does, for its statistics and for swift-metrics.
///
/// A hit adds to one of several counters, chosen by the key, so that two cores seldom meet on one; metrics are
/// told of hits in batches.
///
/// `@unchecked`: the pointer never changes, and it points to atomics.
final class TokenCacheMeter: @unchecked Sendable {
    enum Event: Int, CaseIterable {
        case nearHit, storeHit, question, sharedAnswer, acceptance, refusal, refusalHit, failedQuestion
        case overload, storeFailure, unreadableRecord, removal, staleAnswer, sparedQuestion, sparedStore
        case fleetAnswer, markedAnswer

        var isHit: Bool { self == .nearHit || self == .storeHit }
    }

    private static let stripeCount = 16
    /// The counters of one stripe lie on cache lines of their own.
    private static let stripeSize = 24
    private static let batchSize = 1024

    private let counters: UnsafeMutablePointer<Atomic<Int>>
    private let reported = Mutex([Int](repeating: 0, count: Event.allCases.count))
    private let metrics: [Counter]

    init(factory: any MetricsFactory) {
        let size = Self.stripeCount * Self.stripeSize
        counters = .allocate(capacity: size)
        for number in 0..<size { (counters + number).initialize(to: Atomic(0)) }
        metrics = Event.allCases.map {
            Counter(label: "token_cache_events", dimensions: [("event", "\($0)")], factory: factory)
        }
    }

    deinit {
        counters.deinitialize(count: Self.stripeCount * Self.stripeSize)
        counters.deallocate()
    }

    /// Counts a hit: an atomic addition, and now and then a report.
    func countHit(_ event: Event, for key: CacheKey) {
        let stripe = Int(truncatingIfNeeded: key.words.1) & (Self.stripeCount - 1)
        let count = counter(event, stripe).pointee.add(1, ordering: .relaxed).newValue
        if count & (Self.batchSize - 1) == 0 { report() }
    }

    /// Counts something that is rarer than a hit, and reports it.
    func count(_ event: Event) {
        counter(event, 0).pointee.add(1, ordering: .relaxed)
        reported.withLock { report(event, &$0) }
    }

    /// Tells swift-metrics what was counted since the last report.
    func report() {
        reported.withLock { reported in
            for event in Event.allCases { report(event, &reported) }
        }
    }

    private func report(_ event: Event, _ reported: inout [Int]) {
        let total = total(event)
        let difference = total - reported[event.rawValue]
        guard difference > 0 else { return }
        reported[event.rawValue] = total
        metrics[event.rawValue].increment(by: difference)
    }

    func total(_ event: Event) -> Int {
        (0..<Self.stripeCount).reduce(0) { $0 + counter(event, $1).pointee.load(ordering: .relaxed) }
    }

    private func counter(_ event: Event, _ stripe: Int) -> UnsafeMutablePointer<Atomic<Int>> {
        counters + (stripe * Self.stripeSize + event.rawValue)
    }
}
