import CCacheStoresSQLite
import CacheStoresWaiting

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How long a connection waits for a lock that another connection holds, and works on a statement.
struct LockWait {
    /// When the waiting ends; `nil` for no waiting.
    var deadline: Deadline?

    /// Whether the deadline has passed.
    var isOver: Bool { deadline?.hasPassed ?? true }

    /// Sleeps for a short random time, so that competing connections don't collide again; not after the deadline.
    ///
    /// A writer that is always busy leaves gaps of a few hundred microseconds, so no sleep may be much longer.
    ///
    /// - Parameter attempt: how many attempts at the lock have failed.
    /// - Returns: whether to try again.
    func sleep(attempt: Int) -> Bool {
        guard !isOver else { return false }
        let longest: UInt32 = attempt < 8 ? 200 : 800
        usleep(.random(in: 40...longest))
        return true
    }
}
