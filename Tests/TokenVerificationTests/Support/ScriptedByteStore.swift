import CacheStores
import Synchronization

/// A store of bytes whose operations a test can hold up, make fail or look into.
final class ScriptedByteStore: CacheStore {
    enum Operation: Hashable {
        case lookup, set, remove, removeAll, lease, release, mark, readMarks
        /// Marks were read, and are about to be returned.
        case marksRead
    }

    /// When a write says that its question began, and until when it counts.
    struct Bounds: Equatable {
        let asked: Timestamp?
        let end: Timestamp?
    }

    private struct State {
        var gates: [Operation: Gate] = [:]
        var failing: Set<Operation> = []
        var reached: [Operation: Int] = [:]
        var keys: Set<CacheKey> = []
        var holds: [Duration] = []
        var writes: [Bounds] = []
        var clockOffset: Duration? = .zero
        var marks: [CacheKey: Timestamp] = [:]
        var reportsMarks = false
    }

    let wrapped: any CacheStore<[UInt8]>
    private let state = Mutex(State())

    init(_ store: any CacheStore<[UInt8]>) {
        wrapped = store
    }

    /// A scripted store in wrapped.
    convenience init(clock: WallClock) throws {
        self.init(try MemoryStore<[UInt8]>(capacity: 1_000, clock: clock))
    }

    /// The keys that were ever written.
    var keys: Set<CacheKey> { state.withLock { $0.keys } }

    /// The holds of the removals so far.
    var holds: [Duration] { state.withLock { $0.holds } }

    /// The bounds of the writes so far.
    var writes: [Bounds] { state.withLock { $0.writes } }

    /// The keys that were ever marked, and until when.
    var marks: [CacheKey: Timestamp] { state.withLock { $0.marks } }

    /// How often an operation was begun.
    func count(of operation: Operation) -> Int { state.withLock { $0.reached[operation] ?? 0 } }

    /// Holds an operation up, before it does anything, until the gate opens.
    func hold(_ operation: Operation, at gate: Gate) { state.withLock { $0.gates[operation] = gate } }

    func fail(_ operations: Operation...) { state.withLock { $0.failing.formUnion(operations) } }

    /// Puts the store's clock ahead of the process's; `nil`: the process does not know it.
    func setClockOffset(_ offset: Duration?) { state.withLock { $0.clockOffset = offset } }

    /// Says that the notices of a store around this one tell of marks.
    func promiseNotices() { state.withLock { $0.reportsMarks = true } }

    var reportsMarks: Bool { state.withLock { $0.reportsMarks } }

    func recover() { state.withLock { $0.failing = [] } }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try await begin(.lookup)
        return try await wrapped.entry(for: key)
    }

    @discardableResult
    func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try await begin(.set)
        state.withLock { state in
            state.keys.insert(key)
            state.writes.append(Bounds(asked: asked, end: end))
        }
        return try await wrapped.setEntry(entry, for: key, asked: asked, before: end)
    }

    var now: Timestamp? {
        state.withLock { $0.clockOffset }.flatMap { wrapped.now?.advanced(by: $0) }
    }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await begin(.remove)
        state.withLock { $0.holds.append(hold) }
        return try await wrapped.removeEntry(for: key, holding: hold)
    }

    func removeAll(holding hold: Duration) async throws {
        try await begin(.removeAll)
        state.withLock { $0.holds.append(hold) }
        try await wrapped.removeAll(holding: hold)
    }

    func count() async throws -> Int { try await wrapped.count() }
    func capacity() async throws -> Int { try await wrapped.capacity() }
    func shutdown() async { await wrapped.shutdown() }

    func noteMark(_ key: CacheKey, until end: Timestamp) { state.withLock { $0.marks[key] = end } }

    func begin(_ operation: Operation) async throws {
        let (gate, fails) = state.withLock { state in
            state.reached[operation, default: 0] += 1
            return (state.gates[operation], state.failing.contains(operation))
        }
        await gate?.pass()
        try Task.checkCancellation()
        if fails { throw StoreError(code: .unavailable, message: "as scripted") }
    }
}
