import CacheStores

/// Rule 1.
enum ExpiryClauses {
    static let all = [
        Clause("An entry is live while now < expiry, and absent from the very millisecond of its expiry on.")
        {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.set(keys[0], lasting: 10)
            try await store.set(keys[1], lasting: 1)
            try await store.expectLive(keys)
            $0.advance(1)
            try await store.expectAbsent([keys[1]])
            $0.advance(8)
            try await store.expectLive([keys[0]])
            $0.advance(1)
            try await store.expectAbsent(keys)
            $0.advance(1_000_000)
            try await store.expectAbsent(keys)
        },
        Clause("count() counts the live and nothing else.") {
            let store = try await $0.open(capacity: 8)
            let keys = $0.keys(5)
            try await store.expectCount(0)
            for (number, key) in keys.enumerated() { try await store.set(key, lasting: 10 * (5 - number)) }
            for expected in [5, 4, 3, 2, 1, 0] {
                try await store.expectCount(expected)
                $0.advance(10)
            }
        },
        Clause("An eviction of an expired entry is not reported as one of a live entry.") {
            let store = try await $0.open(capacity: 1)
            let keys = $0.keys(2)
            try await store.set(keys[0], lasting: 5, evicting: 0)
            $0.advance(5)
            try await store.set(keys[1], evicting: 0)
            try await store.expectLive([keys[1]])
        },
        Clause("Removing an expired entry reports that nothing live was removed.") {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(1)
            try await store.set(keys[0], lasting: 5)
            $0.advance(5)
            try await store.remove(keys[0], wasLive: false)
        },
        Clause("An overwritten entry expires when the new one does, be that sooner or later.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.set(keys, lasting: 20)
            try await store.set(keys[0], lasting: 10)
            try await store.set(keys[1], lasting: 30)
            $0.advance(10)
            try await store.expectAbsent([keys[0]])
            $0.advance(10)
            try await store.expectLive([keys[1]])
            try await store.expectCount(1)
            $0.advance(10)
            try await store.expectAbsent(keys)
        },
        Clause("The injected clock alone decides, also when it steps back over time already seen.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(3)
            try await store.set(keys[0], lasting: 2_000)
            $0.advance(1_000)
            try await store.set(keys[1], lasting: 10)
            $0.advance(-900)
            try await store.set(keys[2], lasting: 5)
            try await store.expectLive(keys)
            $0.advance(5)
            try await store.expectAbsent([keys[2]])
            $0.advance(904)
            try await store.expectLive([keys[0], keys[1]])
            $0.advance(1)
            try await store.expectAbsent([keys[1]])
            try await store.expectCount(1)
        },
        Clause("An entry that expires in the distant future is live, with its expiry as it was set.") {
            let store = try await $0.open(capacity: 4)
            let key = $0.keys(1)[0]
            let entry = CacheEntry<[UInt8]>([1, 2, 3], expiry: .distantFuture)
            try await store.next.setEntry(entry, for: key.key)
            $0.note("set A, expiring in the distant future")
            let found = try await store.next.entry(for: key.key)
            if found != entry { throw $0.violation("A was \(found.map { "\($0.expiry)" } ?? "absent")") }
        },
    ]
}
