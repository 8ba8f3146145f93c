import CacheStores
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A reading of a clock that reaches its reader late, as when a process is stopped right after it read the clock.
final class HeldReading: Sendable {
    /// For how long a reader is held back at the most, so that no test hangs.
    private static let longest = Duration.seconds(10)

    private let taken = Atomic(false)
    private let released = Atomic(false)

    /// Whether a thread has read the clock, and is or was held back.
    var isTaken: Bool { taken.load(ordering: .sequentiallyConsistent) }

    /// Blocks the thread that reads until ``release()``.
    func take() {
        taken.store(true, ordering: .sequentiallyConsistent)
        let end = ContinuousClock.now.advanced(by: Self.longest)
        while !released.load(ordering: .sequentiallyConsistent), ContinuousClock.now < end { usleep(500) }
    }

    func release() {
        released.store(true, ordering: .sequentiallyConsistent)
    }
}
