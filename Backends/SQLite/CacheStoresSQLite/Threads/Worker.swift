import CacheStores
import CacheStoresWaiting

/// A thread with a queue of jobs: it takes them in order, as many at once as have queued up.
///
/// It does what is in the queue and ends when the worker is closed or released.
final class Worker<Job: Sendable>: Sendable {
    private struct State {
        var queue: [Job] = []
        var activeCount = 0
        /// How many jobs must have queued up for the thread to be woken.
        var wantedCount = 1
        var isClosed = false
    }

    private let monitor = Monitor(State())
    private let hasEnded = AsyncMonitor(false)
    private let thread: BackgroundThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - batch: how many jobs to do at once at most.
    ///   - gatherLimit: how long to wait for the callers of a batch to come back, given how long the batch took.
    ///   - perform: does some jobs and returns what is left to do of them.
    ///   - finish: is called on the thread when it has done everything.
    /// - Throws: `StoreError` if the system can't start a thread.
    init(
        batch: Int,
        gatherLimit: @escaping @Sendable (Duration) -> Duration = { _ in .zero },
        perform: @escaping @Sendable ([Job]) -> [Job],
        finish: @escaping @Sendable () -> Void = {}
    ) throws(StoreError) {
        do throws(BackgroundThread.StartError) {
            thread = try BackgroundThread { [monitor, hasEnded] in
                while let jobs = Self.next(of: monitor, batch: batch) {
                    let start = ContinuousClock.now
                    let rest = perform(jobs)
                    monitor.withLock { state in
                        state.queue += rest
                        state.activeCount = 0
                    }
                    guard rest.isEmpty, jobs.count > 1 else { continue }
                    Self.gather(jobs.count, in: monitor, for: gatherLimit(start.duration(to: .now)))
                }
                finish()
                hasEnded.withLock { $0 = true }
            }
        } catch {
            throw StoreError(systemError: error.code, path: "starting a thread of the store")
        }
    }

    deinit {
        close()
    }

    /// How many jobs are not done yet.
    var backlog: Int { monitor.withLock { $0.queue.count + $0.activeCount } }

    /// Adds a job to the queue.
    ///
    /// - Throws: `StoreError` if the worker was closed.
    func enqueue(_ job: Job) throws(StoreError) {
        let isWanted: Bool? = monitor.withLock { state in
            guard !state.isClosed else { return nil }
            state.queue.append(job)
            return state.queue.count == state.wantedCount
        }
        guard let isWanted else { throw .closed }
        if isWanted { monitor.wake() }
    }

    /// Closes the queue, and waits until the jobs in it are done and the thread is gone.
    func shutdown() async {
        close()
        await hasEnded.wait { $0 }
        thread.join()
    }

    private func close() {
        monitor.withLock { $0.isClosed = true }
        monitor.wake()
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

    private static func next(of monitor: Monitor<State>, batch: Int) -> [Job]? {
        let jobs = monitor.wait { (state) -> [Job]? in
            guard !state.queue.isEmpty else { return state.isClosed ? [] : nil }
            let jobs = Array(state.queue.prefix(batch))
            state.queue.removeFirst(jobs.count)
            state.activeCount = jobs.count
            return jobs
        }
        guard let jobs, !jobs.isEmpty else { return nil }
        return jobs
    }
}

extension Worker where Job == @Sendable () -> Void {
    /// Starts a thread that runs closures one after the other.
    ///
    /// - Throws: `StoreError` if the system can't start a thread.
    convenience init() throws(StoreError) {
        try self.init(
            batch: 1,
            perform: { jobs in
                for job in jobs { job() }
                return []
            }
        )
    }
}
