public import CacheStores
import Synchronization

/// A store of a third party, in the plainest way that keeps the contract: an array that is searched.
public final class ShelfStore: CacheStore {
    private let space: ShelfSpace
    private let clock: WallClock
    private let storesNothing: Bool
    private let isShutDown = Mutex(false)

    public init(_ space: ShelfSpace, capacity: Int?, clock: WallClock = .system) throws {
        if let capacity, capacity < 0 {
            throw StoreError(code: .invalidConfiguration, message: "the capacity must not be negative")
        }
        self.space = space
        self.clock = clock
        storesNothing = capacity == 0
        if let capacity, capacity > 0 { space.state.withLock { $0.capacity = capacity } }
    }

    public var now: Timestamp? { clock.now }

    public func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try find(key)
    }

    /// The shelf is in this process, so a look-up never waits for more than a step of another one.
    public func immediateEntry(for key: CacheKey) throws -> Lookup<CacheEntry<[UInt8]>> {
        Lookup(try find(key))
    }

    @discardableResult
    public func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        guard entry.value.count <= Self.maximumValueSize else {
            throw StoreError(code: .valueTooLarge, message: "\(entry.value.count) bytes")
        }
        return try perform { state, now in
            if let end, now >= end { return 0 }
            let removals = [state.removals[key], state.wideRemoval].compactMap(\.self).filter { now < $0.end }
            for removal in removals {
                guard let asked, asked > removal.moment.advanced(by: Self.removalMargin) else { return 0 }
            }
            return set(entry, for: key, at: now, &state)
        }
    }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try perform { state, now in
            if hold > .zero {
                state.removals[key] = Self.removal(at: now, holding: hold, after: state.removals[key])
            }
            guard let index = state.records.firstIndex(where: { $0.key == key }) else { return false }
            return now < state.records.remove(at: index).entry.expiry
        }
    }

    public func removeAll(holding hold: Duration) async throws {
        try perform { state, now in
            if hold > .zero {
                state.wideRemoval = Self.removal(at: now, holding: hold, after: state.wideRemoval)
            }
            state.records = []
        }
    }

    public func count() async throws -> Int {
        try perform { state, now in state.records.count { now < $0.entry.expiry } }
    }

    public func capacity() async throws -> Int {
        try perform { state, _ in storesNothing ? 0 : state.capacity ?? Self.defaultCapacity }
    }

    public func shutdown() async {
        isShutDown.withLock { $0 = true }
    }

    private func find(_ key: CacheKey) throws -> CacheEntry<[UInt8]>? {
        try perform { state, now in
            state.records.first { $0.key == key && now < $0.entry.expiry }?.entry
        }
    }

    /// One atomic step, which reads the clock after it has the lock.
    private func perform<Result: Sendable>(
        _ step: (inout sending ShelfSpace.State, Timestamp) throws -> sending Result
    ) throws -> Result {
        try Task.checkCancellation()
        guard !isShutDown.withLock({ $0 }) else {
            throw StoreError(code: .shutDown, message: "the store was shut down")
        }
        return try space.state.withLock { try step(&$0, clock.now) }
    }

    private func set(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        at now: Timestamp,
        _ state: inout ShelfSpace.State
    ) -> Int {
        let index = state.records.firstIndex { $0.key == key }
        guard now < entry.expiry else {
            if let index { state.records.remove(at: index) }
            return 0
        }
        guard !storesNothing else { return 0 }
        if let index {
            guard now >= state.records[index].entry.expiry else {
                state.records[index].entry = entry
                return 0
            }
            state.records.remove(at: index)
        }
        var evicted = 0
        // Two at most, so that one write never works off a whole lowered capacity.
        for _ in 0..<2 where state.records.count >= state.capacity ?? Self.defaultCapacity {
            let dead = state.records.firstIndex { now >= $0.entry.expiry }
            state.records.remove(at: dead ?? 0)
            if dead == nil { evicted += 1 }
        }
        state.records.append(.init(key: key, entry: entry))
        return evicted
    }

    /// The latest moment until the latest end; a fraction of a millisecond counts as a whole one.
    private static func removal(
        at now: Timestamp,
        holding hold: Duration,
        after earlier: ShelfSpace.Removal?
    ) -> ShelfSpace.Removal {
        var end = now.advanced(by: hold)
        if now.duration(to: end) < hold { end = end.advanced(by: .milliseconds(1)) }
        guard let earlier, now < earlier.end else { return ShelfSpace.Removal(moment: now, end: end) }
        return ShelfSpace.Removal(moment: max(now, earlier.moment), end: max(end, earlier.end))
    }
}
