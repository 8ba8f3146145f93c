import CacheStores

/// A thread that keeps callers from waiting past their deadline, whatever the thread that works for them does.
///
/// All deadlines of a store lie equally far ahead. So whoever comes while the thread sleeps has a later deadline
/// than the one that it sleeps for, and need not wake it.
final class Watch: Sendable {
    private struct State {
        var checks: [@Sendable (Timestamp) -> Timestamp?] = []
        /// Whether somebody came since the thread looked last.
        var hasNews = false
        /// Whether the thread sleeps until somebody comes.
        var isDormant = false
        var isClosed = false
    }

    private let monitor = Monitor(State())

    /// Starts the thread.
    ///
    /// - Throws: `StoreError` if the system has no thread to give.
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

    /// Adds somebody to look after.
    ///
    /// - Parameter check: fails what is overdue at a moment and tells when to come again, if there is cause.
    func add(_ check: @escaping @Sendable (Timestamp) -> Timestamp?) {
        monitor.withLock { $0.checks.append(check) }
    }

    /// Tells the thread that there is somebody to look after.
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
