import CacheStores

/// A thread with a queue of jobs: it takes them in order, as many at once as have queued up.
final class Worker<Element: Job>: Sendable {
    private struct State {
        var queue: [Element] = []
        var active: [Element] = []
        /// How many jobs must have queued up for the thread to be woken.
        var wantedCount = 1
        var isClosed = false
        var isFinished = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let monitor = Monitor(State())
    private let watch: Watch

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - batch: how many jobs to do at once at most.
    ///   - watch: what fails the jobs whose deadline has passed.
    ///   - patience: how long to wait for the callers of a batch to come back, given how long the batch took.
    ///   - perform: does some jobs and returns what is left to do of them.
    ///   - finish: is called on the thread when it has done everything.
    /// - Throws: `StoreError` if the system can't start a thread.
    init(
        batch: Int,
        watch: Watch,
        patience: @escaping @Sendable (Duration) -> Duration = { _ in .zero },
        perform: @escaping @Sendable ([Element]) -> [Element],
        finish: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        self.watch = watch
        try BackgroundThread.start { [monitor] in
            while let jobs = Self.next(of: monitor, batch: batch) {
                let start = ContinuousClock.now
                let rest = perform(jobs)
                monitor.withLock { state in
                    state.queue += rest
                    state.active = []
                }
                guard rest.isEmpty, jobs.count > 1 else { continue }
                Self.gather(jobs.count, in: monitor, for: patience(start.duration(to: .now)))
            }
            finish()
            let closers = monitor.withLock { state in
                state.isFinished = true
                defer { state.closers = [] }
                return state.closers
            }
            for closer in closers { closer.resume() }
        }
        watch.add { [monitor] in Self.failOverdue(of: monitor, at: $0) }
    }

    /// How many jobs are not done yet.
    var backlog: Int { monitor.withLock { $0.queue.count + $0.active.count } }

    /// Adds a job to the queue.
    ///
    /// - Throws: `StoreError` if the worker was closed.
    func enqueue(_ job: Element) throws(StoreError) {
        let isWanted: Bool? = monitor.withLock { state in
            guard !state.isClosed else { return nil }
            state.queue.append(job)
            return state.queue.count == state.wantedCount
        }
        guard let isWanted else { throw StoreError(code: .shutDown, message: "the store was shut down") }
        if isWanted { monitor.wake() }
        watch.rouse()
    }

    /// Closes the queue; the thread does the jobs in it and ends.
    func close() {
        monitor.withLock { $0.isClosed = true }
        monitor.wake()
    }

    /// Waits for the thread's end.
    func finished() async {
        await withCheckedContinuation { continuation in
            let isFinished = monitor.withLock { state in
                if !state.isFinished { state.closers.append(continuation) }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
        }
    }

    /// Waits until as many jobs have queued up as the last batch had, since its callers may be about to come back.
    ///
    /// Otherwise the first of them gets a batch of its own, and the others wait for that batch.
    private static func gather(_ count: Int, in monitor: Monitor<State>, for limit: Duration) {
        guard limit > .zero else { return }
        monitor.withLock { $0.wantedCount = count }
        _ = monitor.wait(atMost: limit) { state in
            state.queue.count >= count || state.isClosed ? true : nil
        }
        monitor.withLock { $0.wantedCount = 1 }
    }

    private static func next(of monitor: Monitor<State>, batch: Int) -> [Element]? {
        let jobs = monitor.wait { (state) -> [Element]? in
            guard !state.queue.isEmpty else { return state.isClosed ? [] : nil }
            state.active = Array(state.queue.prefix(batch))
            state.queue.removeFirst(state.active.count)
            return state.active
        }
        guard let jobs, !jobs.isEmpty else { return nil }
        return jobs
    }

    /// Fails the jobs whose deadline has passed, and returns the next deadline.
    private static func failOverdue(of monitor: Monitor<State>, at now: Timestamp) -> Timestamp? {
        let claims = monitor.withLock { state in (state.active + state.queue).map(\.claim) }
        for claim in claims { claim.failIfOverdue(at: now) }
        return claims.filter { !$0.isSettled }.map(\.deadline).min()
    }
}
