import CacheStores

/// The stage on which a clause is played: a fresh space, a clock that stands still, and a transcript.
final class Scenario {
    let contract: StoreContract
    let clock = ManualClock()
    private(set) var transcript: [String] = []

    private let clause: Clause
    private let subject: Subject
    private let handles: Int
    private let space: String
    private var spaces: Set<String> = []
    private var opened: [any CacheStore<[UInt8]>] = []
    private var lastNumber: UInt64 = 0

    init(of clause: Clause, _ subject: Subject, _ contract: StoreContract, handles: Int) {
        self.contract = contract
        self.clause = clause
        self.subject = subject
        self.handles = handles
        space = contract.newSpace()
    }

    /// Plays the clause and cleans up, also after an error.
    func play() async throws {
        // A store in memory never suspends, and other tests wait for a turn.
        await Task.yield()
        do {
            try await clause.play(self)
        } catch {
            try? await close()
            if error is ContractViolation || error is CancellationError { throw error }
            throw violation("an error that the clause does not expect: \(error)")
        }
        try await close()
    }

    /// Opens the scenario's store, once for each handle that takes turns.
    ///
    /// - Parameters:
    ///   - capacity: the number of the scenario's keys that there is room for.
    ///   - neighbour: whether another space is meant, whose name begins like that of the first.
    ///   - clock: the clock that the store reads; the scenario's by default.
    /// - Returns: the store.
    /// - Throws: what the fixture throws.
    func open(
        capacity: Int?,
        neighbour: Bool = false,
        clock: WallClock? = nil
    ) async throws -> ScenarioStore {
        let name = neighbour ? space + "1" : space
        note(
            "open \(neighbour ? "the neighbour" : "the store") with capacity \(capacity.map(String.init) ?? "nil")"
        )
        spaces.insert(name)
        var stores: [any CacheStore<[UInt8]>] = []
        for _ in 0..<handles {
            let clock = clock ?? WallClock(self.clock)
            let store = try await contract.open(name, room: capacity, clock: clock)
            opened.append(store)
            stores.append(store)
        }
        return ScenarioStore(stores, in: self, label: neighbour ? "neighbour: " : "")
    }

    func keys(_ count: Int) -> [NamedKey] {
        contract.keys(count).enumerated().map { NamedKey($0.offset, $0.element) }
    }

    /// Moves the clock by so many milliseconds, backwards if negative.
    func advance(_ milliseconds: Int) {
        note("move the clock by \(milliseconds) ms")
        clock.advance(by: .milliseconds(milliseconds))
    }

    /// Lets real time pass.
    func wait(_ duration: Duration) async throws {
        note("wait for \(duration)")
        try await Task.sleep(for: duration)
    }

    func newEntry(lasting milliseconds: Int) -> CacheEntry<[UInt8]> {
        lastNumber += 1
        let expiry = clock.now.advanced(by: .milliseconds(milliseconds))
        return CacheEntry(StampedValue(number: lastNumber).bytes, expiry: expiry)
    }

    func note(_ step: String) {
        transcript.append(step)
    }

    func violation(_ seen: String) -> ContractViolation {
        let how = handles > 1 ? ["(\(handles) handles on the same space take turns)"] : []
        return ContractViolation(
            rule: subject.rule,
            ability: subject.ability,
            wanted: clause.wanted,
            seen: seen,
            history: how + transcript
        )
    }

    private func close() async throws {
        for store in opened { await store.shutdown() }
        for space in spaces { try await contract.fixture.discard(space) }
    }
}
