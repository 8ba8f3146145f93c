import CacheStores

/// Rule 6.
enum SettingExpiredClauses {
    static let all = [
        Clause("Setting an entry that has expired, be it this very millisecond, removes the key's entry.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(3)
            for life in [0, -1, -1_000_000] {
                try await store.set(keys)
                try await store.set(keys[1], lasting: life, evicting: 0)
                try await store.expectAbsent([keys[1]])
                try await store.expectLive([keys[0], keys[2]])
                try await store.expectCount(2)
            }
        },
        Clause("Setting an expired entry stores nothing and evicts nothing, at capacity too.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(4)
            try await store.set(keys.prefix(3))
            try await store.set(keys[3], lasting: 0, evicting: 0)
            try await store.expectAbsent([keys[3]])
            try await store.expectLive(Array(keys.prefix(3)))
            // Nor may it be there after a wrong clock was set right.
            $0.advance(-10)
            try await store.expectAbsent([keys[3]])
            try await store.expectCount(3)
        },
        Clause("An entry that expired in the distant past can be set, and is not there.") {
            let store = try await $0.open(capacity: 3)
            let key = $0.keys(1)[0]
            try await store.set(key)
            _ = try await store.next.setEntry(CacheEntry([1], expiry: .distantPast), for: key.key)
            $0.note("set A, expired since the distant past")
            try await store.expectAbsent([key])
        },
        Clause("The room of an entry that was removed so is free, and its key starts again at the tail.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(4)
            try await store.set(keys.prefix(3))
            try await store.set(keys[0], lasting: 0, evicting: 0)
            try await store.set(keys[0], evicting: 0)
            try await store.set(keys[3], evicting: 1)
            try await store.expectAbsent([keys[1]])
            try await store.expectLive([keys[0], keys[2], keys[3]])
        },
    ]
}
