import CacheStores

/// Rule 4.
enum OverwritingClauses {
    static let all = [
        Clause("Overwriting a live entry replaces it and evicts nothing, at capacity too.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(3)
            try await store.set(keys)
            for key in keys + keys.reversed() {
                try await store.set(key, evicting: 0)
                try await store.expectLive(keys)
                try await store.expectCount(3)
            }
        },
        Clause("An overwritten entry keeps its place in the order.") {
            for overwritten in 0..<3 {
                let store = try await $0.open(capacity: 3)
                try await store.removeAll()
                let keys = $0.keys(6)
                try await store.set(keys.prefix(3))
                try await store.set(keys[overwritten], lasting: 1_000 + 500 * overwritten)
                for number in 3..<6 {
                    try await store.set(keys[number], evicting: 1)
                    try await store.expectAbsent([keys[number - 3]])
                    try await store.expectLive(Array(keys[(number - 2)...number]))
                }
            }
        },
        Clause("A key whose entry has expired starts again at the tail.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(5)
            try await store.set(keys[0], lasting: 10)
            try await store.set(keys[1...2])
            $0.advance(10)
            try await store.set(keys[0], evicting: 0)
            try await store.expectLive(Array(keys[..<3]))
            try await store.set(keys[3], evicting: 1)
            try await store.expectAbsent([keys[1]])
            try await store.expectLive([keys[0], keys[2], keys[3]])
            try await store.set(keys[4], evicting: 1)
            try await store.expectAbsent([keys[2]])
            try await store.expectLive([keys[0], keys[3], keys[4]])
        },
        Clause("A key that was removed starts again at the tail.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(5)
            try await store.set(keys[..<3])
            try await store.remove(keys[0], wasLive: true)
            try await store.set(keys[0], evicting: 0)
            try await store.set(keys[3], evicting: 1)
            try await store.expectAbsent([keys[1]])
            try await store.expectLive([keys[0], keys[2], keys[3]])
        },
        Clause("A key that was evicted starts again at the tail.") {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(3)
            try await store.set(keys)
            try await store.set(keys[0], evicting: 1)
            try await store.expectLive([keys[2], keys[0]])
            try await store.set(keys[1], evicting: 1)
            try await store.expectLive([keys[0], keys[1]])
        },
    ]
}
