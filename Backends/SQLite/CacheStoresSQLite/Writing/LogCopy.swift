import CacheStores
import Synchronization

/// Copies the write-ahead log into the file on a thread of its own, while the writer goes on.
///
/// The writer then waits for the disk only for what came in since, when the log is to begin anew. Nobody waits for a
/// copy: one that fails, or comes too late, leaves the writer more to copy.
final class LogCopy: Sendable {
    /// Keeps another copy from being asked for until the last one has ended, whatever became of it.
    private final class Turn: Sendable {
        private let copy: LogCopy

        init(_ copy: LogCopy) {
            self.copy = copy
        }

        deinit {
            copy.isUnderway.store(false, ordering: .releasing)
        }
    }

    private let worker: Worker<ReadJob>
    private let deadline: Duration
    private let isUnderway = Atomic(false)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - reading: what opens the file.
    ///   - watch: what looks after deadlines.
    ///   - deadline: how long an operation of the store may take.
    /// - Throws: `StoreError` if the system has no thread to give.
    init(by reading: PatientReading, watch: Watch, deadline: Duration) throws(StoreError) {
        worker = try Worker(batch: 1, watch: watch, perform: reading.perform, finish: {})
        self.deadline = deadline
    }

    /// Has the log copied, unless that is being done.
    func begin() {
        guard !isUnderway.exchange(true, ordering: .acquiring) else { return }
        let turn = Turn(self)
        let ticket = Ticket<Void>(deadline: WallClock.monotonic.now.advanced(by: deadline))
        // It fails if the store was shut down, and then there is nothing to copy for.
        try? worker.enqueue(
            ReadJob(ticket) { reader in
                withExtendedLifetime(turn) { reader.copyLog() }
            }
        )
    }

    /// Begins no more copies; the thread ends after the last one.
    func close() {
        worker.close()
    }

    /// Waits for the thread's end.
    func finished() async {
        await worker.finished()
    }
}
