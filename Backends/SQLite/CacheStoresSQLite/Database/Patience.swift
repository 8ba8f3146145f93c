import CCacheStoresSQLite
import CacheStores

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How long a connection waits for a lock that another one holds, and works on a statement.
struct Patience {
    /// Until when to wait, by the monotonic clock; without one, not at all.
    var deadline: Timestamp?

    /// Whether the deadline has passed.
    var isOver: Bool { deadline.map { $0 <= WallClock.monotonic.now } ?? true }

    /// Sleeps for a short random while, so that rivals don't meet again, unless the deadline has passed.
    ///
    /// A writer that is always busy leaves gaps of some hundred microseconds, so naps must stay as short.
    ///
    /// - Parameter attempt: how often the lock was already tried in vain.
    /// - Returns: whether to try again.
    func nap(attempt: Int) -> Bool {
        guard !isOver else { return false }
        let longest: UInt32 = attempt < 8 ? 200 : 800
        usleep(.random(in: 40...longest))
        return true
    }
}
