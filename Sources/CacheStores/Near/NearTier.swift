package import CacheStoresWaiting
import Synchronization

/// The copies that a process keeps of a shared store's entries, and the rules by which it may keep them.
///
/// A copy is used for the near life at the most, by a monotonic clock, so its staleness is bounded even if nothing else
/// works. Filling is a race: between asking the far store and keeping its answer, the entry may change. So a fill begins
/// before the question, and any later write, removal or invalidation of the key, or a gap in the store's notices, makes it
/// void.
package final class NearTier<Value: Sendable>: NearCopies {
    /// The permission to keep one answer, taken before the question.
    package struct Fill: Sendable {
        fileprivate let generation: UInt64
        fileprivate let epoch: UInt64
        /// When the question began: what was true then may have changed before the answer came.
        fileprivate let began: ContinuousClock.Instant
    }

    private struct Copy {
        let entry: CacheEntry<Value>
        let end: ContinuousClock.Instant
    }

    private struct State {
        var isOpen: Bool
        /// Counts gaps and removals of everything.
        var epoch: UInt64 = 0
        /// Counts changes, by a part of the key: keys that share a counter lose a fill now and then.
        var generations = [UInt64](repeating: 0, count: 1024)
        /// The keys that this process has written to, while the store's notice of that is still to come; and when
        /// the waiting for it ends.
        var unnoticed: [CacheKey: ContinuousClock.Instant] = [:]
    }

    /// How long a store's notice of a write may take; there is none of a write that was refused.
    private static var noticeTime: Duration { .seconds(1) }
    /// How many notices are waited for at the most.
    private static var mostUnnoticed: Int { 1024 }

    private let copies: MemoryStore<Copy>
    private let life: Duration
    private let hasNotices: Bool
    private let clock: IntervalClock
    private let state: Mutex<State>

    /// - Parameters:
    ///   - life: how long a copy may be used at the most.
    ///   - capacity: how many copies are kept at the most.
    ///   - hasNotices: whether the store tells of changes; then no copies are kept before ``open()`` is called.
    ///   - clock: the clock that `life` is measured by.
    /// - Throws: ``StoreError/Code/invalidConfiguration``.
    package init(
        life: Duration,
        capacity: Int,
        hasNotices: Bool,
        clock: IntervalClock = .continuous
    ) throws(StoreError) {
        guard life >= .zero else {
            let message = "`life` must be zero or greater, not \(life)"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        copies = try MemoryStore(capacity: capacity)
        self.life = life
        self.hasNotices = hasNotices
        self.clock = clock
        state = Mutex(State(isOpen: !hasNotices))
    }

    /// The copy of a key's entry, if there is one that may be used.
    package func entry(for key: CacheKey, at now: Timestamp) -> CacheEntry<Value>? {
        guard let copy = try? copies.entry(for: key, at: now)?.value, clock.now < copy.end else { return nil }
        return copy.entry
    }

    /// Begins a question to the far store; `nil` if its answer must not be kept.
    package func beginFill(for key: CacheKey) -> Fill? {
        let now = clock.now
        return state.withLock { state in
            guard state.isOpen, !isUnnoticed(key, at: now, &state) else { return nil }
            return Fill(generation: state.generations[stripe(of: key)], epoch: state.epoch, began: now)
        }
    }

    /// Keeps the answer to a question, unless its fill is void.
    package func fill(_ entry: CacheEntry<Value>, for key: CacheKey, with fill: Fill, at now: Timestamp) {
        let end = min(fill.began + life, clock.now + now.duration(to: entry.expiry))
        // By either clock the copy ends with its life and with the entry.
        let copy = CacheEntry(
            Copy(entry: entry, end: end),
            expiry: min(entry.expiry, now.advanced(by: life))
        )
        state.withLock { state in
            // Closing counts as a gap, and no fill begins while copies are closed.
            guard state.epoch == fill.epoch, state.generations[stripe(of: key)] == fill.generation else {
                return
            }
            _ = try? copies.setEntry(copy, for: key, at: now)
        }
    }

    /// Drops the copy of an entry that this process is about to write.
    ///
    /// The store gives notice of this process's writes too. Until that notice comes no copy is kept, since the notice
    /// would drop it.
    package func beginWrite(_ key: CacheKey) {
        if hasNotices {
            let end = clock.now + Self.noticeTime
            state.withLock { state in
                if state.unnoticed.count >= Self.mostUnnoticed { state.unnoticed = [:] }
                state.unnoticed[key] = end
            }
        }
        invalidate(key)
    }

    /// Drops the copy of an entry after the store's notice of a change, by this process or another.
    package func notice(_ key: CacheKey) {
        state.withLock { state in
            if !state.unnoticed.isEmpty { state.unnoticed[key] = nil }
        }
        invalidate(key)
    }

    /// Drops the copy of a key's entry, and the answer to a question under way.
    package func invalidate(_ key: CacheKey) {
        state.withLock { $0.generations[stripe(of: key)] &+= 1 }
        _ = try? copies.removeEntry(for: key, holding: .zero, at: .distantPast)
    }

    /// Drops every copy, and the answers to questions under way.
    package func invalidateEverything() {
        state.withLock { $0.epoch &+= 1 }
        try? copies.removeAll(holding: .zero, at: .distantPast)
    }

    /// Drops every copy and allows new ones: from now on every change is noticed.
    package func open() {
        invalidateEverything()
        state.withLock { $0.isOpen = true }
    }

    /// Drops every copy and keeps none until ``open()``.
    package func close() {
        state.withLock { $0.isOpen = false }
        invalidateEverything()
    }

    private func isUnnoticed(
        _ key: CacheKey,
        at now: ContinuousClock.Instant,
        _ state: inout State
    ) -> Bool {
        guard !state.unnoticed.isEmpty, let end = state.unnoticed[key] else { return false }
        guard now >= end else { return true }
        state.unnoticed[key] = nil
        return false
    }

    private func stripe(of key: CacheKey) -> Int {
        Int(truncatingIfNeeded: key.words.3 & 1023)
    }
}
