import CacheStores

/// Rule 5.
enum DeadClauses {
    /// Lives of eight entries in their order of insertion: those of 10 and 20 die first and second.
    private static let patterns = [
        [10, 99, 99, 99, 99, 99, 99, 99],
        [99, 99, 99, 99, 99, 99, 99, 10],
        [99, 10, 99, 20, 99, 10, 99, 20],
        [20, 20, 99, 10, 10, 99, 10, 20],
        [99, 99, 99, 20, 10, 20, 10, 20],
        [20, 10, 20, 10, 20, 10, 20, 99],
        [10, 10, 10, 10, 20, 20, 20, 20],
    ]

    static let all = [
        Clause("No live entry is evicted while an expired one is left, wherever in the order that stands.") {
            let keys = $0.keys(24)
            for lives in patterns {
                let store = try await $0.open(capacity: 8)
                try await store.removeAll()
                var order: [NamedKey] = []
                for (key, life) in zip(keys, lives) { try await store.set(key, lasting: life * 1_000) }
                var fresh = keys[8...].makeIterator()
                for life in [10, 20] {
                    $0.advance(10_000)
                    let living = zip(keys, lives).filter { $0.1 > life }.map(\.0)
                    for _ in 0..<lives.filter({ $0 == life }).count {
                        guard let key = fresh.next() else { break }
                        try await store.set(key, evicting: 0)
                        order.append(key)
                        try await store.expectLive(living + order)
                    }
                }
                // From here on all entries are live, and the first of them goes.
                let living = zip(keys, lives).filter { $0.1 > 20 }.map(\.0) + order
                guard let last = fresh.next() else { continue }
                try await store.set(last, evicting: 1)
                try await store.expectAbsent(Array(living.prefix(1)))
                try await store.expectLive(living.dropFirst() + [last])
            }
        },
        Clause("An entry whose life was prolonged by overwriting is not among the dead.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(5)
            try await store.set(keys[0], lasting: 10)
            try await store.set(keys[1], lasting: 10)
            try await store.set(keys[2])
            try await store.set(keys[0], lasting: 1_000)
            $0.advance(10)
            try await store.set(keys[3], evicting: 0)
            try await store.expectLive([keys[0], keys[2], keys[3]])
            try await store.set(keys[4], evicting: 1)
            try await store.expectLive([keys[2], keys[3], keys[4]])
        },
        Clause("An entry whose life was shortened by overwriting is among the dead once that is over.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(4)
            try await store.set(keys.prefix(3))
            try await store.set(keys[2], lasting: 10)
            $0.advance(10)
            try await store.set(keys[3], evicting: 0)
            try await store.expectLive([keys[0], keys[1], keys[3]])
        },
        Clause("An entry that was removed and set again dies by its new expiry only.") {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(3)
            try await store.set(keys[0], lasting: 10)
            try await store.remove(keys[0])
            try await store.set(keys[0], lasting: 1_000)
            try await store.set(keys[1], lasting: 20)
            $0.advance(20)
            try await store.set(keys[2], evicting: 0)
            try await store.expectLive([keys[0], keys[2]])
        },
        Clause("However many are dead, every write finds room without evicting a live entry.") {
            let store = try await $0.open(capacity: 64)
            let keys = $0.keys(256)
            for part in 0..<4 {
                for key in keys[(64 * part)..<(64 * part + 64)] {
                    try await store.set(key, lasting: 10, evicting: 0)
                }
                $0.advance(10)
            }
            try await store.expectCount(0)
        },
    ]
}
