import CacheStores

/// A store as scenarios use it: it notes every step, and compares results with what the clause expects.
///
/// If there are several handles, each step goes through the next one.
final class ScenarioStore {
    let handles: [any CacheStore<[UInt8]>]
    let scenario: Scenario
    private let label: String
    private var turn = 0
    private var written: [NamedKey: CacheEntry<[UInt8]>] = [:]

    init(_ handles: [any CacheStore<[UInt8]>], in scenario: Scenario, label: String) {
        self.handles = handles
        self.scenario = scenario
        self.label = label
    }

    /// The handle whose turn it is.
    var next: any CacheStore<[UInt8]> {
        turn += 1
        return handles[turn % handles.count]
    }

    /// What the scenario's clock shows.
    var now: Timestamp { scenario.clock.now }

    /// The moment so many milliseconds from now, or before now if negative.
    func moment(_ milliseconds: Int) -> Timestamp { now.advanced(by: .milliseconds(milliseconds)) }

    /// What the store says that its clock shows, once every handle was used.
    func time() async throws -> Timestamp {
        for _ in handles { _ = try await next.count() }
        let times = handles.map(\.now)
        note("now: \(times.map { $0.map { "\($0)" } ?? "nil" }.joined(separator: ", "))")
        guard let time = times[0], times.allSatisfy({ $0 != nil }) else {
            throw scenario.violation("`now` was nil although the store had answered")
        }
        return time
    }

    /// Sets a new entry, and compares how many live ones were evicted with what is said, if anything is.
    @discardableResult
    func set(
        _ key: NamedKey,
        lasting milliseconds: Int = 1_000_000,
        asked: Timestamp? = nil,
        before end: Timestamp? = nil,
        evicting: Int? = nil
    ) async throws -> Int {
        let entry = scenario.newEntry(lasting: milliseconds)
        let evicted = try await next.setEntry(entry, for: key.key, asked: asked, before: end)
        let question = (asked.map { ", asked at \($0)" } ?? "") + (end.map { ", before \($0)" } ?? "")
        note("set \(key.name), lasting \(milliseconds) ms\(question): \(evicted) evicted")
        written[key] = entry
        if let evicting, evicted != evicting {
            throw scenario.violation(
                "setting \(key.name) evicted \(evicted) live entries rather than \(evicting)"
            )
        }
        return evicted
    }

    /// Sets a new entry that must have no effect: what is expected of the key stays what it was.
    func setInVain(
        _ key: NamedKey,
        lasting milliseconds: Int = 1_000_000,
        asked: Timestamp? = nil,
        before end: Timestamp? = nil
    ) async throws {
        let former = written[key]
        try await set(key, lasting: milliseconds, asked: asked, before: end, evicting: 0)
        written[key] = former
    }

    /// Sets new entries one after the other.
    func set(_ keys: some Sequence<NamedKey>, lasting milliseconds: Int = 1_000_000) async throws {
        for key in keys { try await set(key, lasting: milliseconds) }
    }

    @discardableResult
    func remove(_ key: NamedKey, holding milliseconds: Int = 0, wasLive: Bool? = nil) async throws -> Bool {
        try await remove(key, holding: .milliseconds(milliseconds), wasLive: wasLive)
    }

    @discardableResult
    func remove(_ key: NamedKey, holding hold: Duration, wasLive: Bool? = nil) async throws -> Bool {
        let removed = try await next.removeEntry(for: key.key, holding: hold)
        note("remove \(key.name), holding \(hold): \(removed)")
        if let wasLive, removed != wasLive {
            throw scenario.violation("removing \(key.name) returned \(removed) rather than \(wasLive)")
        }
        return removed
    }

    func removeAll(holding milliseconds: Int = 0) async throws {
        try await removeAll(holding: .milliseconds(milliseconds))
    }

    func removeAll(holding hold: Duration) async throws {
        try await next.removeAll(holding: hold)
        note("remove all, holding \(hold)")
    }

    func count() async throws -> Int {
        let count = try await next.count()
        note("count: \(count)")
        return count
    }

    func expectCount(_ expected: Int) async throws {
        let count = try await count()
        guard count == expected else {
            throw scenario.violation("count() was \(count) rather than \(expected)")
        }
    }

    func expectCount(atMost bound: Int) async throws {
        let count = try await count()
        if count > bound { throw scenario.violation("\(count) live entries at a capacity of \(bound)") }
    }

    func expectCapacity(_ expected: Int) async throws {
        let capacity = try await next.capacity()
        note("capacity: \(capacity)")
        guard capacity == expected else {
            throw scenario.violation("capacity() was \(capacity) rather than \(expected)")
        }
    }

    /// Expects each key to have the entry that was last set through this object, bytes and expiry.
    func expectLive(_ keys: [NamedKey]) async throws {
        for key in keys {
            guard let found = try await lookUp(key) else {
                throw scenario.violation("\(key.name) was absent rather than live")
            }
            guard let entry = written[key] else { continue }
            guard found == entry else {
                let difference = found.expiry == entry.expiry ? "value" : "expiry"
                throw scenario.violation("\(key.name) had another \(difference) than the last one set")
            }
        }
    }

    func expectAbsent(_ keys: [NamedKey]) async throws {
        for key in keys where try await lookUp(key) != nil {
            throw scenario.violation("\(key.name) was live rather than absent")
        }
    }

    /// Looks a key up in each of the three ways, which must agree.
    private func lookUp(_ key: NamedKey) async throws -> CacheEntry<[UInt8]>? {
        let store = next
        let found = try await store.entry(for: key.key)
        note("look up \(key.name): \(found == nil ? "nothing" : "an entry")")
        let immediate = try store.immediateEntry(for: key.key)
        guard immediate == .mustWait || immediate == Lookup(found) else {
            throw scenario.violation("immediateEntry(for: \(key.name)) did not find what entry(for:) finds")
        }
        guard try await store.entry(for: key.key, within: .seconds(60)) == found else {
            throw scenario.violation("entry(for: \(key.name), within:) did not find what entry(for:) finds")
        }
        return found
    }

    /// Looks keys up and ignores the results.
    func lookUp(_ keys: [NamedKey]) async throws {
        for key in keys { _ = try await next.entry(for: key.key) }
        note("look up \(keys.map(\.name).joined(separator: ", "))")
    }

    /// Sets many entries at once, in no particular order.
    func fill(_ keys: [NamedKey], lasting milliseconds: Int) async throws {
        note("set \(keys.count) entries, lasting \(milliseconds) ms")
        let entry = scenario.newEntry(lasting: milliseconds)
        let store = next
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<16 {
                let mine = keys.enumerated().filter { $0.offset % 16 == part }.map(\.element.key)
                group.addTask {
                    for key in mine { try await store.setEntry(entry, for: key) }
                }
            }
            try await group.waitForAll()
        }
    }

    func note(_ step: String) {
        scenario.note(label + step)
    }
}
