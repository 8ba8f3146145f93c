import CacheStores

/// Rule 10, apart from deadlines, which the kit can't make a store miss.
enum FailureClauses {
    private static let operations:
        [(name: String, run: @Sendable (any CacheStore<[UInt8]>, CacheKey) async throws -> Void)] = [
            ("entry", { _ = try await $0.entry(for: $1) }),
            ("setEntry", { try await $0.setEntry(CacheEntry([1], expiry: .distantFuture), for: $1) }),
            ("removeEntry", { try await $0.removeEntry(for: $1) }),
            ("removeAll", { store, _ in try await store.removeAll() }),
            ("count", { store, _ in _ = try await store.count() }),
            ("capacity", { store, _ in _ = try await store.capacity() }),
            ("entry(within:)", { _ = try await $0.entry(for: $1, within: .seconds(60)) }),
            (
                "immediateEntry",
                { if try $0.immediateEntry(for: $1) == .mustWait { _ = try await $0.entry(for: $1) } }
            ),
        ]

    static let all = [
        Clause("Every operation after shutdown throws StoreError with the code shutDown.") {
            scenario in
            let store = try await scenario.open(capacity: 4)
            let key = scenario.keys(1)[0]
            try await store.set(key)
            // The handles take turns: both are shut down, each of them twice.
            for _ in 0..<4 { await store.next.shutdown() }
            scenario.note("shut down, twice")
            for operation in operations {
                do {
                    try await operation.run(store.next, key.key)
                } catch let error as StoreError where error.code == .shutDown {
                    continue
                } catch {
                    throw scenario.violation("\(operation.name) threw \(error)")
                }
                throw scenario.violation("\(operation.name) threw nothing")
            }
        },
        Clause("The shutdown of one handle leaves the others usable.", concernsSharing: true) {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.set(keys[0])
            let other = try await $0.open(capacity: 4)
            for _ in 0..<2 { await other.next.shutdown() }
            $0.note("shut down the handles opened last")
            try await store.expectLive([keys[0]])
            try await store.set(keys[1])
            try await store.expectLive(keys)
        },
        Clause(
            "In a cancelled task an operation completes or throws CancellationError; the store stays usable."
        ) {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            for operation in operations {
                let result = await inCancelledTask(store.next, keys[0].key, operation.run)
                $0.note("\(operation.name), cancelled beforehand")
                guard case .failure(let error) = result, !(error is CancellationError) else { continue }
                throw $0.violation("\(operation.name) threw \(error)")
            }
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause("An operation that waits for another one ends at once when its task is cancelled.") {
            guard $0.contract.fixture.waits else { return }
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            for operation in operations[1...3] {
                let first = try await store.setHeldBack(keys[0])
                defer { first.reading.release() }
                let second = store.operation { try await operation.run($0, keys[1].key) }
                // Time enough to begin to wait; where there is nothing to wait for, the operation ends meanwhile.
                _ = try await waits(.milliseconds(100)) { second.hasEnded }
                second.cancel()
                $0.note("\(operation.name) meanwhile, cancelled while it waits")
                let hasEnded = try await waits(.seconds(20)) { second.hasEnded }
                first.reading.release()
                let results = await (first.operation.result, second.result)
                if !hasEnded { throw $0.violation("\(operation.name) did not end before what it waited for") }
                try results.0.get()
                guard case .failure(let error) = results.1, !(error is CancellationError) else { continue }
                throw $0.violation("\(operation.name) threw \(error)")
            }
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause("A look-up within a limit ends at the limit, with the entry or StoreError.timedOut.") {
            guard $0.contract.fixture.waits else { return }
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.set(keys[0])
            let write = try await store.setHeldBack(keys[1])
            defer { write.reading.release() }
            let lookup = store.operation { try await $0.entry(for: keys[0].key, within: .milliseconds(50)) }
            $0.note("look A up meanwhile, within 50 ms")
            let hasEnded = try await waits(.seconds(20)) { lookup.hasEnded }
            write.reading.release()
            let results = await (write.operation.result, lookup.result)
            if !hasEnded { throw $0.violation("the look-up did not end before what it waited for") }
            try results.0.get()
            if case .failure(let error) = results.1, (error as? StoreError)?.code != .timedOut {
                throw $0.violation("the look-up threw \(error)")
            }
        },
        Clause("Cancelled at any moment, a write leaves the store as before or as after.") { scenario in
            let store = try await scenario.open(capacity: 100)
            let keys = scenario.keys(40)
            let entry = scenario.newEntry(lasting: 1_000)
            let handle = store.next
            scenario.note("set 40 entries in tasks that are cancelled meanwhile")
            let failure = await withTaskGroup(of: (any Error)?.self) { group in
                for key in keys {
                    group.addTask {
                        do {
                            try await handle.setEntry(entry, for: key.key)
                            return nil
                        } catch {
                            return error is CancellationError ? nil : error
                        }
                    }
                }
                await Task.yield()
                group.cancelAll()
                return await group.reduce(nil) { $0 ?? $1 }
            }
            if let failure { throw scenario.violation("a write threw \(failure)") }
            var found = 0
            // By the same handle: to another one a write may come to pass a little later.
            for key in keys {
                guard let seen = try await handle.entry(for: key.key) else { continue }
                if seen != entry { throw scenario.violation("\(key.name) holds what no write stored") }
                found += 1
            }
            let count = try await handle.count()
            guard count == found else {
                throw scenario.violation("\(found) entries were found, but \(count) counted")
            }
            try await store.set(keys)
            try await store.expectLive(keys)
        },
    ]

    private static func inCancelledTask(
        _ store: any CacheStore<[UInt8]>,
        _ key: CacheKey,
        _ operation: @escaping @Sendable (any CacheStore<[UInt8]>, CacheKey) async throws -> Void
    ) async -> Result<Void, any Error> {
        await withTaskGroup(of: Result<Void, any Error>.self) { group in
            group.addTask {
                withUnsafeCurrentTask { $0?.cancel() }
                do { return .success(try await operation(store, key)) } catch { return .failure(error) }
            }
            return await group.next() ?? .success(())
        }
    }
}
