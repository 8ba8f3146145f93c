import CacheStores
import Synchronization

/// The servers' time as this process knows it, also without a connection.
///
/// It is this process's monotonic clock plus the server's lead, so a correction of the machine's time of day does not
/// change it. The clocks drift, so the lead is measured on connecting and every minute after that.
///
/// A time that is too late could let an answer past a removal; one that is too early only costs an answer. So a
/// measurement assumes that the server reads its clock at the end of the round trip, and of several servers the slowest
/// clock counts.
final class ServerTime: Sendable {
    private let slots: Set<RedisSlot>
    private let leads = Mutex<[RedisSlot: Int64]>([:])

    /// - Parameter slots: the slots of the store's shards.
    init(of slots: [RedisSlot]) {
        self.slots = Set(slots)
    }

    /// Sets the lead of a server for its slots: how many milliseconds its clock is ahead of the monotonic one.
    func note(_ lead: Int64, of slots: [RedisSlot]) {
        leads.withLock { leads in
            for slot in slots { leads[slot] = lead }
        }
    }

    /// The time of the slowest clock; `nil` until each was measured.
    var now: Timestamp? {
        let least = leads.withLock { $0.count == slots.count ? $0.values.min() : nil }
        return least.map { WallClock.monotonic.now.advanced(byMilliseconds: $0) }
    }
}
