#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// State behind a lock; a thread can wait for its changes.
///
/// `@unchecked Sendable` because the state is only touched while the lock is held, and the lock and the
/// condition, which lie at fixed addresses as POSIX demands, are freed with the object.
final class Monitor<State: Sendable>: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    init(_ state: State) {
        self.state = state
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        #if canImport(Darwin)
        pthread_cond_init(condition, nil)
        #else
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(lock)
        condition.deallocate()
        lock.deallocate()
    }

    /// Reads or changes the state.
    func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body(&state)
    }

    /// Wakes the waiting threads, so that they look at the state again.
    func wake() {
        pthread_cond_broadcast(condition)
    }

    /// Waits until a closure returns a result; it runs at once, and again after each ``wake()``.
    ///
    /// - Parameters:
    ///   - limit: when to give up; `nil` for never.
    ///   - body: looks at the state and may change it.
    /// - Returns: the closure's result, or `nil` if the time was up first.
    func wait<Result>(atMost limit: Duration? = nil, for body: (inout State) -> Result?) -> Result? {
        let end = limit.map { ContinuousClock.now + $0 }
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            if let result = body(&state) { return result }
            guard let end else {
                pthread_cond_wait(condition, lock)
                continue
            }
            let left = end - .now
            guard left > .zero else { return nil }
            waitForSignal(for: left)
        }
    }

    private func waitForSignal(for duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        #if canImport(Darwin)
        pthread_cond_timedwait_relative_np(condition, lock, &time)
        #else
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let nanoseconds = now.tv_nsec + time.tv_nsec
        time = timespec(
            tv_sec: now.tv_sec + time.tv_sec + nanoseconds / 1_000_000_000,
            tv_nsec: nanoseconds % 1_000_000_000
        )
        pthread_cond_timedwait(condition, lock, &time)
        #endif
    }
}
