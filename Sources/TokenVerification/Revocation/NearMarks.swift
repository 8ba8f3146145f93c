import CacheStores
import CacheStoresWaiting
import Synchronization

/// What this process knows of the marks on tokens, so that most hits look none up.
///
/// It counts for a second; while the store tells of marks, until it tells of one on the token. A change makes what
/// depends on it out of date, and so does a gap in the store's notices.
final class NearMarks: NearCopies {
    /// The marks on a token.
    struct Known: Sendable {
        let marks: TokenMarks
        /// Whose token it was: a newer answer may name others.
        let parties: TokenParties
        /// The keys that were looked up.
        let keys: [CacheKey]
        let fill: Fill
    }

    /// The permission to keep what a look-up finds, taken before it.
    struct Fill: Sendable {
        fileprivate let change: UInt64
        /// `nil` while notices tell of changes.
        fileprivate let end: IntervalClock.Instant?
    }

    private struct State {
        var hasNotices = false
        /// The number of the last change of each key since the last restart; a key that was not changed is absent.
        var changes: [CacheKey: UInt64] = [:]
        /// The number of the last restart: every look-up before it is out of date.
        var firstChange: UInt64 = 0

        /// Begins anew: all that was known is out of date.
        mutating func restart(at number: UInt64) {
            firstChange = number
            changes = [:]
        }
    }

    private static let life = Duration.seconds(1)
    private static let mostChanges = 4096

    private let memory: KeyMemory<Known>
    private let clock: IntervalClock
    private let state = Mutex(State())
    /// Counts changes; only written under the lock.
    private let lastChange = Atomic<UInt64>(0)

    init(capacity: Int, clock: WallClock) throws(StoreError) {
        self.clock = clock.intervals
        memory = try KeyMemory(capacity: capacity, clock: self.clock)
    }

    /// What is known of a token's marks; `nil` if nothing is, or if its subject, client or session is another now.
    func known(for key: CacheKey, of token: VerifiedToken) -> Known? {
        guard let known = memory.value(for: key)?.value, known.parties == TokenParties(of: token) else {
            return nil
        }
        let change = known.fill.change
        if change == lastChange.load(ordering: .acquiring) { return known }
        return state.withLock { state in
            change >= state.firstChange && known.keys.allSatisfy { state.changes[$0, default: 0] <= change }
                ? known : nil
        }
    }

    func beginFill() -> Fill {
        let end = clock.now + Self.life
        return state.withLock { state in
            let change = lastChange.load(ordering: .relaxed)
            return Fill(change: change, end: state.hasNotices ? nil : end)
        }
    }

    func keep(_ known: Known, for key: CacheKey) {
        let now = clock.now
        memory.insert(known, for: key, lasting: known.fill.end.map { now.duration(to: $0) })
    }

    func notice(_ key: CacheKey) {
        change { state, number in
            guard state.changes.count < Self.mostChanges else {
                state.restart(at: number)
                return
            }
            state.changes[key] = number
        }
    }

    func open() { restart(hasNotices: true) }

    func close() { restart(hasNotices: false) }

    private func restart(hasNotices: Bool) {
        change { state, number in
            state.hasNotices = hasNotices
            state.restart(at: number)
        }
    }

    private func change(_ body: (inout State, UInt64) -> Void) {
        state.withLock { state in
            let number = lastChange.load(ordering: .relaxed) + 1
            body(&state, number)
            lastChange.store(number, ordering: .releasing)
        }
    }
}
