import Synchronization

/// The copies that a process keeps of a shared store's entries, and the rules by which it may keep them.
///
/// Filling is a race: between asking the far store and keeping its answer, the entry may change. So a fill begins
/// with a ticket, and any later write, removal or invalidation of the key, or a gap in the store's notices,
/// makes the ticket worthless.
package final class NearMemory<Value: Sendable>: Sendable {
    /// The right to keep one answer, taken before the question.
    package struct Ticket: Sendable {
        fileprivate let generation: UInt64
        fileprivate let epoch: UInt64
        /// When the question began: what was true then may have changed before the answer came.
        fileprivate let began: Timestamp
    }

    private struct State {
        var isOpen: Bool
        /// Counts gaps and removals of everything.
        var epoch: UInt64 = 0
        /// Counts changes, by a part of the key: keys that share a counter lose a fill now and then.
        var generations = [UInt64](repeating: 0, count: 1024)
        /// The keys that this process has written to without the store's having told of it, and until when that
        /// is waited for.
        var unnoticed: [CacheKey: Timestamp] = [:]
    }

    /// How long a store may take to tell of a write; a write that was refused it never tells of.
    private static var noticeTime: Duration { .seconds(1) }
    /// How many writes are waited for at the most.
    private static var mostUnnoticed: Int { 1024 }

    private let store: MemoryStore<CacheEntry<Value>>
    private let life: Duration
    private let hasNotices: Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - life: how long a copy may be used at the most.
    ///   - capacity: how many copies are kept at the most.
    ///   - hasNotices: whether the store tells of changes; then no copies are kept before ``open()`` is called.
    ///   - clock: the clock that `life` is measured by; one that nobody can set.
    /// - Throws: ``StoreError/Code/invalidConfiguration``.
    package init(
        life: Duration,
        capacity: Int,
        hasNotices: Bool,
        clock: WallClock = .monotonic
    ) throws(StoreError) {
        guard life >= .zero else {
            let message = "the life of near entries must not be negative, but is \(life)"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        store = try MemoryStore(capacity: capacity, clock: clock)
        self.life = life
        self.hasNotices = hasNotices
        state = Mutex(State(isOpen: !hasNotices))
    }

    /// The copy of a key's entry, if there is one that may be used.
    package func entry(for key: CacheKey, at now: Timestamp) -> CacheEntry<Value>? {
        guard let copy = try? store.entry(for: key, at: store.clock.now)?.value else { return nil }
        return copy.isLive(at: now) ? copy : nil
    }

    /// Announces a question to the far store; `nil` if its answer must not be kept.
    package func beginFill(for key: CacheKey) -> Ticket? {
        let now = store.clock.now
        return state.withLock { state in
            guard state.isOpen, !isUnnoticed(key, &state) else { return nil }
            let generation = state.generations[stripe(of: key)]
            return Ticket(generation: generation, epoch: state.epoch, began: now)
        }
    }

    /// Keeps the answer to a question, unless something happened since its ticket was taken.
    package func fill(_ entry: CacheEntry<Value>, for key: CacheKey, with ticket: Ticket, at now: Timestamp) {
        let nearNow = store.clock.now
        let end = min(ticket.began.advanced(by: life), nearNow.advanced(by: now.duration(to: entry.expiry)))
        let copy = CacheEntry(entry, expiry: end)
        state.withLock { state in
            guard state.isOpen, state.epoch == ticket.epoch else { return }
            guard state.generations[stripe(of: key)] == ticket.generation else { return }
            _ = try? store.setEntry(copy, for: key, at: nearNow)
        }
    }

    /// Drops the copy of an entry that this process is about to write.
    ///
    /// The store will tell of this write as it does of anybody's. No copy is kept before that, or it would soon be
    /// dropped again.
    package func beginWrite(_ key: CacheKey) {
        if hasNotices {
            let end = store.clock.now.advanced(by: Self.noticeTime)
            state.withLock { state in
                if state.unnoticed.count >= Self.mostUnnoticed { state.unnoticed = [:] }
                state.unnoticed[key] = end
            }
        }
        invalidate(key)
    }

    /// Drops the copy of an entry that the store tells was changed, by whomever.
    package func notice(_ key: CacheKey) {
        state.withLock { state in
            if !state.unnoticed.isEmpty { state.unnoticed[key] = nil }
        }
        invalidate(key)
    }

    /// Drops the copy of a key's entry, and any that is on its way.
    package func invalidate(_ key: CacheKey) {
        state.withLock { $0.generations[stripe(of: key)] &+= 1 }
        _ = try? store.removeEntry(for: key, holding: .zero, at: store.clock.now)
    }

    /// Drops every copy, and any that is on its way.
    package func invalidateEverything() {
        state.withLock { $0.epoch &+= 1 }
        try? store.removeAll(holding: .zero, at: store.clock.now)
    }

    /// Allows copies to be kept.
    package func open() {
        state.withLock { $0.isOpen = true }
    }

    /// Drops every copy and keeps none until ``open()``.
    package func close() {
        state.withLock { $0.isOpen = false }
        invalidateEverything()
    }

    private func isUnnoticed(_ key: CacheKey, _ state: inout State) -> Bool {
        guard !state.unnoticed.isEmpty, let end = state.unnoticed[key] else { return false }
        guard store.clock.now >= end else { return true }
        state.unnoticed[key] = nil
        return false
    }

    private func stripe(of key: CacheKey) -> Int {
        Int(truncatingIfNeeded: key.words.3 & 1023)
    }
}
