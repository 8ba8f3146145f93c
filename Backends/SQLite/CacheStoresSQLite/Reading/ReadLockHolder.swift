import CacheStores
import Synchronization

/// Holds SQLite's read lock for this process, on a thread of its own, while lookups come thick and fast.
///
/// A lookup asks the system for that lock and gives it back, which takes longer than all the rest of it. SQLite does
/// neither while another connection of the process has the same lock. What lookups see is the same: each of them still
/// looks for the latest commit.
///
/// The write-ahead log can't begin anew while the lock is held on it. So the holder moves on to the latest commit every
/// few milliseconds, and lets go when nobody wants it any more or the writer asks for it.
final class ReadLockHolder: Sendable {
    private struct State {
        var isClosed = false
        var isUnwelcome = false
    }

    /// Lets the next hold begin when one has ended, whatever became of it.
    private final class Turn: Sendable {
        private let holder: ReadLockHolder

        init(_ holder: ReadLockHolder) {
            self.holder = holder
        }

        deinit {
            holder.isHolding.store(false, ordering: .releasing)
        }
    }

    /// For how many milliseconds the lock is held on one commit.
    private static let step: Int64 = 5
    /// After how many milliseconds the holder looks anew which file the path names.
    private static let span: Int64 = 1000

    private let worker: Worker<ReadJob>
    private let deadline: Duration
    private let monitor = Monitor(State())
    private let isHolding = Atomic(false)
    private let isWanted = Atomic(false)

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

    /// Has the lock held for the next few milliseconds.
    func hold() {
        isWanted.store(true, ordering: .relaxed)
        guard !isHolding.load(ordering: .relaxed), !isHolding.exchange(true, ordering: .acquiring) else { return }
        let turn = Turn(self)
        monitor.withLock { $0.isUnwelcome = false }
        let ticket = Ticket<Void>(deadline: WallClock.monotonic.now.advanced(by: deadline))
        // It fails if the store was shut down, and then nobody looks anything up.
        try? worker.enqueue(
            ReadJob(ticket) { [self] (reader) throws(SQLiteFailure) in
                defer { withExtendedLifetime(turn) {} }
                try hold(by: reader)
            }
        )
    }

    /// Lets go soon; whoever looks something up after that may have the lock held again.
    func letGo() {
        monitor.withLock { $0.isUnwelcome = true }
        monitor.wake()
    }

    /// Holds nothing any more; the thread ends.
    func close() {
        worker.close()
        monitor.withLock { $0.isClosed = true }
        monitor.wake()
    }

    /// Waits for the thread's end.
    func finished() async {
        await worker.finished()
    }

    private func hold(by reader: Reader) throws(SQLiteFailure) {
        let end = WallClock.monotonic.now.advanced(byMilliseconds: Self.span)
        var now: Timestamp
        repeat {
            isWanted.store(false, ordering: .relaxed)
            try reader.beginHold()
            now = WallClock.monotonic.now
            let isDisturbed: Bool? = monitor.wait(until: now.advanced(byMilliseconds: Self.step)) { state in
                state.isClosed || state.isUnwelcome ? true : nil
            }
            try reader.endHold()
            if isDisturbed == true { return }
        } while isWanted.load(ordering: .relaxed) && now < end
    }
}
