import CacheStores

/// Rule 7, as far as one task can see it; ``ConcurrentRun`` has the rest.
enum AtomicityClauses {
    static let all = [
        Clause("A lookup sees exactly the entry that the last write stored.") {
            let store = try await $0.open(capacity: 8)
            let keys = $0.keys(4)
            for _ in 0..<5 {
                try await store.set(keys)
                try await store.expectLive(keys)
            }
        },
        Clause("When a removal returns, the entry is gone; it returns whether there was one.") {
            let store = try await $0.open(capacity: 8)
            let keys = $0.keys(5)
            try await store.remove(keys[0], wasLive: false)
            try await store.set(keys)
            try await store.remove(keys[1], wasLive: true)
            try await store.expectAbsent([keys[1]])
            try await store.expectLive([keys[0]] + keys[2...])
            try await store.remove(keys[1], wasLive: false)
            try await store.expectCount(4)
        },
        Clause(
            "When removeAll returns, nothing that was set before the call is left, and the store is usable."
        ) {
            let store = try await $0.open(capacity: 100)
            let keys = $0.keys(60)
            try await store.removeAll()
            try await store.set(keys)
            try await store.removeAll()
            try await store.expectCount(0)
            try await store.expectAbsent(keys)
            try await store.set(keys)
            try await store.expectLive(keys)
            try await store.expectCount(60)
        },
    ]
}
