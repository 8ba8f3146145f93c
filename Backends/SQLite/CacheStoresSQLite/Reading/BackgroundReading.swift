import CacheStores
import Synchronization

/// Reads the file on a thread of its own, one reading at a time; no caller waits for the result.
final class BackgroundReading: Sendable {
    /// Lets the next reading begin when this one has ended, failed or been dropped.
    private final class Turn: Sendable {
        private let reading: BackgroundReading

        init(_ reading: BackgroundReading) {
            self.reading = reading
        }

        deinit {
            reading.underway.store(false, ordering: .releasing)
        }
    }

    private let worker: Worker<ReadJob>
    private let deadline: Duration
    private let underway = Atomic(false)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - reading: what opens the file.
    ///   - watch: what fails the readings whose deadline has passed.
    ///   - deadline: how long an operation of the store may take.
    /// - Throws: `StoreError` if the system can't start a thread.
    init(by reading: PatientReading, watch: Watch, deadline: Duration) throws(StoreError) {
        worker = try Worker(batch: 1, watch: watch, perform: reading.perform, finish: {})
        self.deadline = deadline
    }

    /// Whether a reading is going on, or about to begin.
    var isUnderway: Bool { underway.load(ordering: .relaxed) }

    /// Begins a reading, unless one is going on.
    func begin(_ body: @escaping @Sendable (Reader) throws(SQLiteFailure) -> Void) {
        guard !isUnderway, !underway.exchange(true, ordering: .acquiring) else { return }
        let turn = Turn(self)
        let ticket = Ticket<Void>(deadline: WallClock.monotonic.now.advanced(by: deadline))
        // Fails only after the shutdown, when no reading is needed.
        try? worker.enqueue(
            ReadJob(ticket) { (reader) throws(SQLiteFailure) in
                defer { withExtendedLifetime(turn) {} }
                try body(reader)
            }
        )
    }

    /// Begins no more readings; the thread ends after the last one.
    func close() {
        worker.close()
    }

    /// Waits for the thread's end.
    func finished() async {
        await worker.finished()
    }
}
