import CacheStores
import CacheStoresWaiting

/// A bounded memory of keys in this process, each with a value for a span of time; the oldest make room.
struct KeyMemory<Value: Sendable>: Sendable {
    private let store: MemoryStore<Value>
    private let clock: IntervalClock
    /// What the times of the entries are counted from.
    private let origin: IntervalClock.Instant

    /// - Parameters:
    ///   - capacity: how many keys are remembered at the most.
    ///   - clock: what spans of time are measured by.
    /// - Throws: `StoreError` if the capacity is negative, or 2^32 − 1 or more.
    init(capacity: Int, clock: IntervalClock) throws(StoreError) {
        store = try MemoryStore(capacity: capacity)
        self.clock = clock
        origin = clock.now
    }

    private var now: Timestamp {
        Timestamp(millisecondsSince1970: origin.duration(to: clock.now).millisecondsTowardZero)
    }

    func contains(_ key: CacheKey) -> Bool { value(for: key) != nil }

    /// What is remembered of a key, and for how much longer.
    func value(for key: CacheKey) -> (value: Value, remainder: Duration)? {
        let now = now
        guard let entry = try? store.entry(for: key, at: now) else { return nil }
        return (entry.value, now.duration(to: entry.expiry))
    }

    /// Remembers a value of a key.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - key: the key.
    ///   - life: for how long; `nil` for as long as there is room.
    func insert(_ value: Value, for key: CacheKey, lasting life: Duration?) {
        let now = now
        let end = life.map { now.advanced(by: $0) } ?? .distantFuture
        _ = try? store.setEntry(CacheEntry(value, expiry: end), for: key, at: now)
    }

    func remove(_ key: CacheKey) {
        _ = try? store.removeEntry(for: key, holding: .zero, at: now)
    }

    func removeAll() {
        try? store.removeAll(holding: .zero, at: now)
    }
}

extension KeyMemory where Value == Void {
    /// Remembers a key; one that is remembered already keeps its place and its time.
    func insert(_ key: CacheKey, lasting life: Duration? = nil) {
        if life == nil, contains(key) { return }
        insert((), for: key, lasting: life)
    }
}
