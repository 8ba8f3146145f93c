import CacheStores
import CacheStoresWaiting
import Synchronization

/// Reads the file on a thread of its own, one reading at a time; no caller waits for the result.
final class BackgroundReading: Sendable {
    private let reading: PatientReading
    private let worker: Worker<@Sendable () -> Void>
    private let waitLimit: Duration
    private let underway = Atomic(false)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - reading: what opens the file.
    ///   - waitLimit: how long a reading may wait for the file.
    /// - Throws: `StoreError` if the system can't start a thread.
    init(by reading: PatientReading, waitLimit: Duration) throws(StoreError) {
        worker = try Worker()
        self.reading = reading
        self.waitLimit = waitLimit
    }

    /// Whether a reading is going on, or about to begin.
    var isUnderway: Bool { underway.load(ordering: .relaxed) }

    /// Begins a reading, unless one is going on.
    func begin(_ body: @escaping @Sendable (Reader) throws(SQLiteFailure) -> Void) {
        guard !isUnderway, !underway.exchange(true, ordering: .acquiring) else { return }
        // Fails only after the shutdown, when no reading is needed.
        try? worker.enqueue { [self] in
            // A failed reading is repeated at the next `begin`.
            try? reading.answer(by: Deadline(after: waitLimit), body)
            underway.store(false, ordering: .releasing)
        }
    }

    /// Begins no more readings, and waits for the end of the last one.
    func shutdown() async {
        await worker.shutdown()
    }
}
