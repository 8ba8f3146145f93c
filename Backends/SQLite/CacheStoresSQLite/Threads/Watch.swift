import CacheStores

/// A thread that fails the calls whose deadline has passed, even while the thread that works for them is busy.
///
/// All calls of a store get the same time. So a call that comes while the thread sleeps has a later deadline than
/// the one that the thread sleeps for, and need not wake it.
final class Watch: Sendable {
    private struct State {
        var checks: [@Sendable (Timestamp) -> Timestamp?] = []
        /// Whether a call came since the thread looked last.
        var hasNews = false
        /// Whether the thread sleeps until a call comes.
        var isDormant = false
        var isClosed = false
    }

    private let monitor = Monitor(State())

    /// Starts the thread.
    ///
    /// - Throws: `StoreError` if the system can't start a thread.
    init() throws(StoreError) {
        try BackgroundThread.start { [monitor] in
            while let checks = Self.round(of: monitor) {
                let now = WallClock.monotonic.now
                let next = checks.compactMap { $0(now) }.min()
                _ = monitor.wait(atMost: next.map { now.duration(to: $0) }) { state in
                    state.isDormant = next == nil && !state.hasNews
                    return state.isClosed || next == nil && state.hasNews ? true : nil
                }
            }
        }
    }

    /// Adds a check of pending calls.
    ///
    /// - Parameter check: fails what is overdue at a moment; returns the next deadline, or `nil` if no call is pending.
    func add(_ check: @escaping @Sendable (Timestamp) -> Timestamp?) {
        monitor.withLock { $0.checks.append(check) }
    }

    /// Tells the thread that a call has come.
    func rouse() {
        let isDormant = monitor.withLock { state in
            state.hasNews = true
            return state.isDormant
        }
        if isDormant { monitor.wake() }
    }

    /// Ends the thread.
    func close() {
        monitor.withLock { $0.isClosed = true }
        monitor.wake()
    }

    private static func round(of monitor: Monitor<State>) -> [@Sendable (Timestamp) -> Timestamp?]? {
        monitor.withLock { state in
            state.hasNews = false
            state.isDormant = false
            return state.isClosed ? nil : state.checks
        }
    }
}
