#if Redis
import CacheStores
import Synchronization

/// The servers' time as this process knows it, also without a connection.
///
/// It is the time that a server showed, plus the time since then by a monotonic clock, so a correction of the machine's
/// time of day does not change it. The clocks drift, so the servers' clocks are read on connecting and every minute
/// after that.
///
/// A time that is too late could let an answer past a removal; one that is too early only costs an answer. So a
/// reading counts from the end of the round trip, and of several servers the slowest clock counts.
final class ServerTime: Sendable {
    /// What a server's clock showed, and when the reply arrived.
    struct Reading {
        let shown: Timestamp
        let arrival: ContinuousClock.Instant

        var now: Timestamp { shown.advanced(by: arrival.duration(to: .now)) }
    }

    private let slots: Set<RedisSlot>
    private let readings = Mutex<[RedisSlot: Reading]>([:])

    /// - Parameter slots: the slots of the store's shards.
    init(of slots: [RedisSlot]) {
        self.slots = Set(slots)
    }

    /// Sets the reading of a server's clock for its slots.
    func note(_ reading: Reading, of slots: [RedisSlot]) {
        readings.withLock { readings in
            for slot in slots { readings[slot] = reading }
        }
    }

    /// The time of the slowest clock; `nil` until each was read.
    var now: Timestamp? {
        readings.withLock { $0.count == slots.count ? $0.values.map(\.now).min() : nil }
    }
}
#endif
