import CacheStores

/// Rule 9.
enum ScopeClauses {
    static let all = [
        Clause("removeAll touches this store's namespace and nothing else.") {
            let store = try await $0.open(capacity: 4)
            let neighbour = try await $0.open(capacity: 4, neighbour: true)
            let keys = $0.keys(3)
            try await store.set(keys)
            try await neighbour.set(keys)
            try await store.removeAll()
            try await store.expectCount(0)
            try await neighbour.expectLive(keys)
            try await neighbour.expectCount(3)
            try await store.set(keys)
            try await neighbour.removeAll()
            try await neighbour.expectCount(0)
            try await store.expectLive(keys)
        },
        Clause("Remembered removals are of this store's namespace and nothing else.") {
            let store = try await $0.open(capacity: 4)
            let neighbour = try await $0.open(capacity: 4, neighbour: true)
            let keys = $0.keys(2)
            // Rule 8 checks whether they stop writes at all.
            try await store.removeAll(holding: 100)
            try await neighbour.set(keys)
            try await neighbour.expectLive(keys)
            $0.advance(100)
            try await neighbour.remove(keys[0], holding: 100)
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause("Entries, capacity and order are of this store's namespace and nothing else.") {
            let store = try await $0.open(capacity: 2)
            let neighbour = try await $0.open(capacity: 3, neighbour: true)
            let keys = $0.keys(4)
            try await store.set(keys[0])
            try await neighbour.expectAbsent([keys[0]])
            try await store.set(keys[1])
            for key in keys[1...3] { try await neighbour.set(key, evicting: 0) }
            try await store.expectLive(Array(keys[0...1]))
            try await store.expectCount(2)
            try await neighbour.expectCount(3)
            try await neighbour.remove(keys[1], wasLive: true)
            try await store.expectLive(Array(keys[0...1]))
            try await store.set(keys[2], evicting: 1)
            try await neighbour.expectLive(Array(keys[2...3]))
        },
    ]
}
