import CacheStoresWaiting
import Synchronization

/// Holds SQLite's read lock for this process while the rate of lookups is high.
///
/// To take that lock and to release it takes longer than all the rest of a lookup. SQLite does neither while another
/// connection of the process has the same lock. Lookups see the same: each of them still looks for the latest commit.
///
/// The write-ahead log can't begin anew while the lock is held on it. So the holder moves on to the latest commit every
/// few milliseconds. It releases the lock when lookups become rare, or when the writer is about to begin the log anew.
final class ReadLockHolder: Sendable {
    private enum Order {
        case hold
        case pause
        case close
    }

    /// For how long the lock is held on one commit.
    private static let step = Duration.milliseconds(5)
    /// After so many steps without a lookup that wants the lock it is released; several, since lookups come in bursts.
    private static let idleSteps = 4
    /// After this time the reading ends; the next one checks again which file the path names.
    private static let span = Duration.seconds(1)

    private let background: BackgroundReading
    private let order = Monitor(Order.hold)
    private let isWanted = Atomic(false)

    /// - Parameter background: a thread that does nothing else.
    init(on background: BackgroundReading) {
        self.background = background
    }

    /// Whether the lock is held, or about to be.
    var isHolding: Bool { background.isUnderway }

    /// Has the lock held for the next few milliseconds, unless there is a pause.
    func hold() {
        guard order.withLock({ $0 == .hold }) else { return }
        isWanted.store(true, ordering: .relaxed)
        background.begin { [self] (reader) throws(SQLiteFailure) in try hold(by: reader) }
    }

    /// Releases the lock at once, and does not take it until ``resume()``.
    func pause() {
        order.withLock { if $0 == .hold { $0 = .pause } }
        order.wake()
    }

    /// Ends a pause.
    func resume() {
        order.withLock { if $0 == .pause { $0 = .hold } }
    }

    /// Releases the lock for good; the thread ends.
    func shutdown() async {
        order.withLock { $0 = .close }
        order.wake()
        await background.shutdown()
    }

    private func hold(by reader: Reader) throws(SQLiteFailure) {
        let end = Deadline(after: Self.span)
        var idleSteps = 0
        var newOrder: Order?
        repeat {
            try reader.takeLock()
            newOrder = order.wait(atMost: Self.step) { $0 == .hold ? nil : $0 }
            try reader.releaseLock()
            idleSteps = isWanted.exchange(false, ordering: .relaxed) ? 0 : idleSteps + 1
        } while newOrder == nil && idleSteps < Self.idleSteps && !end.hasPassed
    }
}
