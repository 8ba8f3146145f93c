import CacheStores
import Synchronization

/// The servers' time as this process knows it, also while there is no connection.
///
/// It is told by this process's monotonic clock, which nothing sets, so a correction of the machine's time of day does
/// not touch it. How the two clocks differ is measured on connecting and every minute from then on, since they drift.
///
/// A moment that is too late would let an answer past a removal; one that is too early only costs an answer. So each
/// measurement takes the server to have read its clock at the end of the round trip, and of several servers the one
/// whose clock is the furthest behind counts.
final class ServerTime: Sendable {
    private let slots: Set<RedisSlot>
    private let leads = Mutex<[RedisSlot: Int64]>([:])

    /// - Parameter slots: the slots whose servers count.
    init(of slots: [RedisSlot]) {
        self.slots = Set(slots)
    }

    /// Notes by how many milliseconds the clock of some slots' server is ahead of the monotonic one.
    func note(_ lead: Int64, of slots: [RedisSlot]) {
        leads.withLock { leads in
            for slot in slots { leads[slot] = lead }
        }
    }

    /// The time by the slowest of the clocks; `nil` until each has been measured.
    var now: Timestamp? {
        let least = leads.withLock { $0.count == slots.count ? $0.values.min() : nil }
        return least.map { WallClock.monotonic.now.advanced(byMilliseconds: $0) }
    }
}
