import CacheStores

/// What `MarkingStore` asks for.
enum MarkClauses {
    static let all = plain + MarkClauses.acrossProcesses

    private static let plain = [
        Clause("A mark is there until its end, and absent from then on.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(3)
            try await store.expectMarks(keys, [nil, nil, nil])
            try await store.mark(keys[1], 0, lasting: 10)
            try await store.mark(keys[2], -5, lasting: 20)
            try await store.expectMarks(keys, [nil, 0, -5])
            $0.advance(9)
            try await store.expectMarks([keys[2], keys[1], keys[1]], [-14, -9, -9])
            $0.advance(1)
            try await store.expectMarks(keys, [nil, nil, -15])
            $0.advance(10)
            try await store.expectMarks(keys, [nil, nil, nil])
            try await store.expectMarks([], [])
        },
        Clause("Of two marks on a key the later moment stays, and the later end.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.mark(keys[0], 5, lasting: 100)
            try await store.mark(keys[0], 3, lasting: 200)
            try await store.expectMarks([keys[0]], [5])
            try await store.mark(keys[0], 8, lasting: 50)
            try await store.expectMarks(keys, [8, nil])
            $0.advance(199)
            try await store.expectMarks(keys, [-191, nil])
            $0.advance(1)
            try await store.expectMarks(keys, [nil, nil])
        },
        Clause("A mark that has passed is no mark: the next one counts, even if its moment is earlier.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(1)
            try await store.mark(keys[0], 1_000, lasting: 10)
            $0.advance(10)
            try await store.mark(keys[0], 0, lasting: 10)
            try await store.expectMarks(keys, [0])
        },
        Clause("A mark whose end has passed does nothing.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.mark(keys[0], 0, lasting: 0)
            try await store.mark(keys[1], 0, lasting: 10)
            try await store.mark(keys[1], 5, lasting: 0)
            try await store.mark(keys[1], 5, lasting: -5)
            try await store.expectMarks(keys, [nil, 0])
        },
        Clause("Marks don't count towards capacity, and evict and hide nothing; nothing evicts them.") {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(12)
            try await store.set(keys[..<2])
            for key in keys { try await store.mark(key, 7, lasting: 1_000) }
            try await store.expectCount(2)
            try await store.expectLive(Array(keys[..<2]))
            try await store.expectAbsent(Array(keys[2...]))
            try await store.set(keys[2], evicting: 1)
            try await store.set(keys[3...])
            try await store.expectCount(2)
            try await store.expectMarks(keys, keys.map { _ in 7 })
        },
        Clause("Removals, removeAll and remembered removals leave marks alone.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.set(keys[0])
            try await store.mark(keys[0], 7, lasting: 1_000)
            try await store.remove(keys[0], holding: 100, wasLive: true)
            try await store.removeAll(holding: 100)
            try await store.expectMarks(keys, [7, nil])
            try await store.mark(keys[1], 8, lasting: 1_000)
            try await store.expectMarks(keys, [7, 8])
        },
        Clause("Marks are of this store's namespace and nothing else, in every process.") {
            let store = try await $0.open(capacity: 4)
            let neighbour = try await $0.open(capacity: 0, neighbour: true)
            let keys = $0.keys(1)
            try await store.mark(keys[0], 7, lasting: 1_000)
            try await neighbour.expectMarks(keys, [nil])
            try await neighbour.mark(keys[0], 5, lasting: 1_000)
            for _ in 0..<2 {
                try await store.expectMarks(keys, [7])
                try await neighbour.expectMarks(keys, [5])
            }
        },
        Clause("Marks vanish by themselves, however many there were.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(150)
            for (number, key) in keys.enumerated() { try await store.mark(key, 5, lasting: 1 + number % 7) }
            $0.advance(7)
            for key in keys { try await store.mark(key, 0, lasting: 10) }
            try await store.expectMarks(keys, keys.map { _ in 0 })
        },
        Clause("After shutdown a mark is a StoreError with the code shutDown.") {
            let store = try await $0.open(capacity: 4)
            let key = $0.keys(1)[0]
            let now = $0.clock.now
            try await store.mark(key, 0, lasting: 10)
            try await store.expectShutDown([
                {
                    let store = $0.ability((any MarkingStore).self)
                    try await store?.setMark(now, for: key.key, until: now.advanced(by: .seconds(1)))
                },
                { _ = try await $0.ability((any MarkingStore).self)?.marks(for: [key.key]) },
            ])
        },
    ]
}
