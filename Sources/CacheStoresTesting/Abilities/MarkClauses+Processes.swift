import CacheStores

extension MarkClauses {
    /// What `MarkingStore` asks for where several tasks or processes use a store.
    static let acrossProcesses = [
        Clause("A store that says that it reports marks reports each under its key, to every process.") {
            scenario in
            let store = try await scenario.open(capacity: 4)
            let key = scenario.keys(1)[0]
            let handle = store.next
            guard handle.ability((any MarkingStore).self)?.reportsMarks == true else { return }
            guard let channel = handle.ability((any InvalidatingStore).self) else {
                throw scenario.violation("the store does not conform to InvalidatingStore")
            }
            let seen = SeenInvalidations()
            let listener = Task { await seen.follow(channel) }
            defer { listener.cancel() }
            guard try await waits(.seconds(30), for: { seen.contains(.everything) }) else {
                throw scenario.violation("the subscription did not begin with `everything` within 30 s")
            }
            try await store.mark(key, 0, lasting: 1_000)
            guard try await waits(.seconds(30), for: { seen.contains(.key(key.key)) }) else {
                throw scenario.violation("the mark on \(key.name) was not reported within 30 s")
            }
        },
        Clause("A mark survives the end of every process that used the store.", concernsSharing: true) {
            let first = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await first.mark(keys[0], 7, lasting: 1_000)
            await first.close()
            let second = try await $0.open(capacity: 4)
            try await second.expectMarks(keys, [7, nil])
        },
        Clause("Of marks that are set on a key at once, the latest moment and the latest end stay.") {
            scenario in
            let store = try await scenario.open(capacity: 4)
            let key = scenario.keys(1)[0]
            let now = scenario.clock.now
            scenario.note("16 marks are set at once, the earlier the moment the later the end")
            let handles = (0..<16).compactMap { _ in store.next.ability((any MarkingStore).self) }
            try await withThrowingTaskGroup { group in
                for (number, handle) in handles.enumerated() {
                    group.addTask {
                        try await handle.setMark(
                            now.advanced(byMilliseconds: Int64(number)),
                            for: key.key,
                            until: now.advanced(byMilliseconds: Int64(1_000 - number))
                        )
                    }
                }
                try await group.waitForAll()
            }
            scenario.advance(999)
            try await store.expectMarks([key], [15 - 999])
            scenario.advance(1)
            try await store.expectMarks([key], [nil])
        },
        Clause(
            "Where the clocks of processes differ by seconds, the latest moment stays, and a mark lasts to its end by the clock that is ahead.",
            concernsSharing: true
        ) { scenario in
            let ahead = ManualClock(now: scenario.clock.now.advanced(by: .seconds(3)))
            func advance(_ milliseconds: Int) {
                scenario.advance(milliseconds)
                ahead.advance(by: .milliseconds(milliseconds))
            }
            let store = try await scenario.open(capacity: 4)
            let other = try await scenario.open(capacity: 4, clock: WallClock(ahead))
            let keys = scenario.keys(3)
            try await store.mark(keys[0], 0, lasting: 10_000)
            try await other.mark(keys[0], -1_000, lasting: 5_000)
            try await other.mark(keys[1], 3_000, lasting: 13_000)
            try await store.mark(keys[1], 0, lasting: 10_000)
            for handle in [store, other] { try await handle.expectMarks(keys, [0, 3_000, nil]) }
            advance(6_999)
            // What is swept now has passed by the clock that is ahead.
            try await other.mark(keys[2], 0, lasting: 100_000)
            for handle in [store, other] {
                try await handle.expectMarks(keys, [-6_999, 3_000 - 6_999, 0])
            }
            advance(1)
            try await other.expectMarks([keys[0]], [nil])
            advance(3_000)
            try await store.expectMarks([keys[0]], [nil])
            try await other.expectMarks([keys[1]], [nil])
        },
    ]
}
