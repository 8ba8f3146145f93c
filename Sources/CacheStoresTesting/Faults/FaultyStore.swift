public import CacheStores
import Synchronization

/// A store with faults: it is late, fails, loses writes and reads stale entries, by a script that a seed repeats.
///
/// Put it between a store and the code under test, and check that the code keeps its promises all the same:
///
/// ```swift
/// let store = FaultyStore(
///     try MemoryStore<[UInt8]>(capacity: 100),
///     script: FaultScript(seed: seed, [.error(.unavailable): 0.1, .delay(.milliseconds(80)): 0.1])
/// )
/// let cache = try TokenCache(store: store, timeToLive: .seconds(300), sealing: .secret(secret))
/// // … log in, forget, and check that no request is refused; if one was, print the faults:
/// for fault in store.history { print(fault) }
/// store.heal()
/// ```
///
/// Every operation but ``shutdown()`` has a number, and its faults follow from the script and that number. With
/// several faults, delays come first; then an error, which ends it; then what is done, or is lost; then a late answer;
/// then a lost one. `CancellationError` passes through, also out of a delay, and then nothing more is done.
///
/// What the wrapped store can do besides is found by `ability(_:)`, without faults.
public final class FaultyStore<Value: Sendable>: WrappingStore {
    private struct State {
        var script: FaultScript?
        var step = 0
        var history: [SufferedFault] = []
        /// What stood under each key before its last change, as far as a script asks for it.
        var replaced: [CacheKey: CacheEntry<Value>] = [:]
        var keys: Set<CacheKey> = []
    }

    /// The store that does the work.
    public let wrapped: any CacheStore<Value>
    private let clock: WallClock
    private let state: Mutex<State>

    /// Makes a store that follows a script.
    ///
    /// - Parameters:
    ///   - wrapped: the store that does the work.
    ///   - script: which operations suffer which faults.
    ///   - clock: what delays are measured by. With a ``ManualClock`` a test need not wait: a delay stands in the
    ///     ``history`` when it begins, and is over once the clock was moved that far from there.
    public init(_ wrapped: any CacheStore<Value>, script: FaultScript, clock: WallClock = .system) {
        self.wrapped = wrapped
        self.clock = clock
        state = Mutex(State(script: script))
    }

    /// Every fault so far, in the order in which the operations began.
    public var history: [SufferedFault] { state.withLock { $0.history } }

    /// Lets every operation that begins from now on do what the wrapped store does.
    ///
    /// What was lost stays lost, and what is delayed stays so.
    public func heal() {
        state.withLock { $0.script = nil }
    }

    /// Follows another script, from its first step on.
    public func follow(_ script: FaultScript) {
        state.withLock { state in
            state.script = script
            state.step = 0
        }
    }

    /// Does something under the faults that the script has for it.
    ///
    /// - Parameters:
    ///   - operation: what is asked.
    ///   - work: what is done; its argument tells whether the write is lost or the read stale.
    /// - Returns: what came of the work.
    /// - Throws: `StoreError` as the script says, or what the work throws.
    func perform<Success>(
        _ operation: StoreOperation,
        _ work: (_ isLie: Bool) async throws -> Success
    ) async throws -> Success {
        let start = clock.now
        let faults = begin(operation)
        try await sleep(faults.delay, from: start)
        if let code = faults.error { throw StoreError(code: code, message: "a fault of the script") }
        let success = try await work(faults.isLie)
        try await sleep(faults.lateness, from: start.end(of: faults.delay))
        if faults.losesAnswer { throw StoreError(code: .timedOut, message: "a fault of the script") }
        return success
    }

    /// Numbers an operation, and writes down what befalls it.
    private func begin(_ operation: StoreOperation) -> FaultSum {
        state.withLock { state in
            state.step += 1
            let faults = state.script?.faults(at: state.step).filter { fault in
                switch (fault.kind, operation) {
                case (.lostWrite, .setEntry), (.lostRemoval, .removeEntry), (.lostRemoval, .removeAll): true
                case (.staleRead, .entry(let key)): state.replaced[key] != nil
                case (.lostWrite, _), (.lostRemoval, _), (.staleRead, _): false
                default: true
                }
            }
            for fault in faults ?? [] {
                state.history.append(SufferedFault(step: state.step, operation: operation, fault: fault))
            }
            return FaultSum(faults ?? [])
        }
    }

    private func sleep(_ duration: Duration, from start: Timestamp) async throws {
        guard duration > .zero else { return }
        try await clock.sleep(until: start.end(of: duration), tolerance: nil)
    }

    /// What stood under a key before its last change.
    func replacedEntry(for key: CacheKey) -> CacheEntry<Value>? {
        state.withLock { $0.replaced[key] }
    }

    /// Keeps what stands under a key, or under every key that was ever set, for reads that are to be stale.
    func rememberEntry(for key: CacheKey?) async throws {
        let keys: Set<CacheKey> = state.withLock { state in
            guard state.script?.names(.staleRead) == true else { return [] }
            guard let key else { return state.keys }
            state.keys.insert(key)
            return [key]
        }
        for key in keys {
            guard let entry = try await wrapped.entry(for: key) else { continue }
            state.withLock { $0.replaced[key] = entry }
        }
    }
}
