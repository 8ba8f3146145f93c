import CacheStores
import Synchronization

/// Several tasks at work on a few keys, each call stamped with its beginning and its end.
final class ConcurrentHistory: Sendable {
    private let scripts: [[ConcurrentCall]]
    private let keys: [CacheKey]
    private let handles: [any CacheStore<[UInt8]>]
    private let now: Timestamp
    /// What every beginning and every end of a call counts up.
    private let moments = Atomic(0)

    /// Makes a history.
    ///
    /// - Parameters:
    ///   - scripts: what each task asks for; the results are yet to come.
    ///   - keys: the keys that the calls number.
    ///   - handles: the store, opened once or several times; the tasks share them out.
    ///   - now: what the store's clock shows all the time.
    init(
        _ scripts: [[ConcurrentCall]],
        on keys: [CacheKey],
        through handles: [any CacheStore<[UInt8]>],
        now: Timestamp
    ) {
        self.scripts = scripts
        self.keys = keys
        self.handles = handles
        self.now = now
    }

    /// Performs all scripts at the same time.
    ///
    /// - Returns: every call with its result, and a last lookup of each key.
    /// - Throws: `CancellationError`; what else a store throws is a result.
    func perform() async throws -> [ConcurrentCall] {
        var calls = try await withThrowingTaskGroup(of: [ConcurrentCall].self) { group in
            for (task, script) in scripts.enumerated() {
                group.addTask { try await self.perform(script, as: task) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let last = keys.indices.map { ConcurrentCall(task: scripts.count, key: $0, action: .lookUp) }
        calls += try await perform(last, as: scripts.count)
        return calls
    }

    private func perform(_ script: [ConcurrentCall], as task: Int) async throws -> [ConcurrentCall] {
        let store = handles[task % handles.count]
        var performed: [ConcurrentCall] = []
        for (step, call) in script.enumerated() {
            // Stores that never suspend would otherwise see one task after the other on a machine of few cores.
            if (task + step) % 2 == 0 { await Task.yield() }
            var call = call
            let entry = newEntry(for: call)
            call.invoked = moments.add(1, ordering: .sequentiallyConsistent).newValue
            do {
                call.result = try await result(of: call, entry, store)
            } catch let error as CancellationError {
                throw error
            } catch {
                call.result = .failed("\(error)")
            }
            call.returned = moments.add(1, ordering: .sequentiallyConsistent).newValue
            performed.append(call)
        }
        return performed
    }

    private func newEntry(for call: ConcurrentCall) -> CacheEntry<[UInt8]> {
        guard case .set(let number) = call.action else { return CacheEntry([], expiry: now) }
        return CacheEntry(StampedValue(number: number).bytes, expiry: now.advanced(by: .seconds(3_600)))
    }

    private func result(
        of call: ConcurrentCall,
        _ entry: CacheEntry<[UInt8]>,
        _ store: any CacheStore<[UInt8]>
    ) async throws -> ConcurrentCall.Result {
        let key = keys[call.key]
        switch call.action {
        case .set, .setExpired:
            try await store.setEntry(entry, for: key)
            return .done
        case .lookUp:
            guard let found = try await store.entry(for: key) else { return .found(nil) }
            return StampedValue(found.value).map { .found($0.number) } ?? .torn
        case .remove(let holding):
            return .removed(try await store.removeEntry(for: key, holding: holding ? .seconds(60) : .zero))
        case .removeAll:
            try await store.removeAll()
            return .done
        case .count:
            return .number(try await store.count())
        }
    }
}
