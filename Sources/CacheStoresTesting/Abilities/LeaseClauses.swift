import CacheStores

/// What `LeasingStore` asks for.
enum LeaseClauses {
    private static let one = NamedHolder(name: "one")
    private static let two = NamedHolder(name: "two")

    static let all = [
        Clause("A lease belongs to one holder until its end, and is free from then on.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.lease(keys[0], as: one, lasting: 10, expecting: true)
            for _ in 0..<2 { try await store.lease(keys[0], as: two, expecting: false) }
            try await store.lease(keys[1], as: two, expecting: true)
            $0.advance(9)
            for _ in 0..<2 { try await store.lease(keys[0], as: two, expecting: false) }
            $0.advance(1)
            try await store.lease(keys[0], as: two, expecting: true)
            for _ in 0..<2 { try await store.lease(keys[0], as: one, expecting: false) }
        },
        Clause("A holder can prolong its lease.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(1)
            try await store.lease(keys[0], as: one, lasting: 10, expecting: true)
            $0.advance(9)
            try await store.lease(keys[0], as: one, lasting: 10, expecting: true)
            $0.advance(9)
            for _ in 0..<2 { try await store.lease(keys[0], as: two, expecting: false) }
            $0.advance(1)
            try await store.lease(keys[0], as: two, expecting: true)
        },
        Clause("A lease that is released early is free; a release by another holder changes nothing.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(1)
            try await store.release(keys[0], as: one)
            try await store.lease(keys[0], as: one, expecting: true)
            for _ in 0..<2 {
                try await store.release(keys[0], as: two)
                try await store.lease(keys[0], as: two, expecting: false)
            }
            try await store.release(keys[0], as: one)
            try await store.lease(keys[0], as: two, expecting: true)
            // A release that comes too late.
            for _ in 0..<2 {
                try await store.release(keys[0], as: one)
                try await store.lease(keys[0], as: one, expecting: false)
            }
        },
        Clause("A lease lasts no less than a fraction of a millisecond asks, and nothing if negative.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.lease(keys[0], as: one, lasting: .microseconds(1_001), expecting: true)
            try await store.lease(keys[1], as: one, lasting: .seconds(-1), expecting: true)
            try await store.lease(keys[1], as: two, lasting: .zero, expecting: true)
            try await store.lease(keys[1], as: one, expecting: true)
            $0.advance(1)
            for _ in 0..<2 { try await store.lease(keys[0], as: two, expecting: false) }
            $0.advance(1)
            try await store.lease(keys[0], as: two, expecting: true)
        },
        Clause("Leases don't count towards capacity, and evict and hide nothing.") {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(12)
            try await store.set(keys[..<2])
            for key in keys { try await store.lease(key, as: one, expecting: true) }
            try await store.expectCount(2)
            try await store.expectLive(Array(keys[..<2]))
            try await store.expectAbsent(Array(keys[2...]))
            try await store.set(keys[2], evicting: 1)
            try await store.expectLive(Array(keys[1...2]))
            try await store.remove(keys[1], wasLive: true)
            try await store.expectCount(1)
        },
        Clause(
            "removeAll and removals leave leases alone, and a remembered removal does not prevent a lease."
        ) {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(3)
            try await store.lease(keys[0], as: one, expecting: true)
            for key in [keys[0], keys[2]] { try await store.remove(key, holding: 100) }
            try await store.lease(keys[2], as: two, expecting: true)
            try await store.removeAll(holding: 100)
            for _ in 0..<2 { try await store.lease(keys[0], as: two, expecting: false) }
            try await store.lease(keys[1], as: two, expecting: true)
        },
        Clause("Leases are of this store's namespace and nothing else, in every process.") {
            let store = try await $0.open(capacity: 4)
            let neighbour = try await $0.open(capacity: 4, neighbour: true)
            let keys = $0.keys(1)
            try await store.lease(keys[0], as: one, expecting: true)
            try await neighbour.lease(keys[0], as: two, expecting: true)
            try await neighbour.release(keys[0], as: two)
            for _ in 0..<2 { try await store.lease(keys[0], as: two, expecting: false) }
        },
        Clause(
            "Leases vanish by themselves, however many there were; a process with capacity 0 has them too."
        ) {
            let store = try await $0.open(capacity: 0)
            let keys = $0.keys(150)
            for (number, key) in keys.enumerated() {
                try await store.lease(key, as: one, lasting: 1 + number % 7, expecting: true)
            }
            $0.advance(7)
            for key in keys { try await store.lease(key, as: two, expecting: true) }
        },
        Clause("Of many holders that ask for a lease at once, one gets it.") { scenario in
            let store = try await scenario.open(capacity: 4)
            let key = scenario.keys(1)[0].key
            scenario.note("16 holders ask at once")
            let handles = (0..<16).compactMap { _ in store.next.ability((any LeasingStore).self) }
            let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for handle in handles {
                    group.addTask {
                        try await handle.acquireLease(for: key, as: LeaseHolder(), lasting: .seconds(60))
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            if granted != 1 { throw scenario.violation("\(granted) got it") }
        },
        Clause("After shutdown a lease is a StoreError with the code shutDown.") {
            let store = try await $0.open(capacity: 4)
            let key = $0.keys(1)[0]
            try await store.lease(key, as: one, expecting: true)
            try await store.expectShutDown([
                {
                    let store = $0.ability((any LeasingStore).self)
                    _ = try await store?.acquireLease(for: key.key, as: one.holder, lasting: .seconds(1))
                },
                { try await $0.ability((any LeasingStore).self)?.releaseLease(for: key.key, as: one.holder) },
            ])
        },
    ]
}
