import CacheStores

/// Rule 8, for removals of one key.
enum RemovalClauses {
    static let all = [
        Clause(
            "While a removal is remembered no setEntry without `asked` stores anything, and from then on it does."
        ) {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.set(keys[0])
            try await store.remove(keys[0], holding: 10, wasLive: true)
            for step in [0, 1, 8] {
                $0.advance(step)
                for _ in 0..<2 { try await store.set(keys[0], evicting: 0) }
                try await store.expectAbsent([keys[0]])
            }
            try await store.set(keys[1])
            try await store.expectLive([keys[1]])
            try await store.expectCount(1)
            $0.advance(1)
            try await store.expectAbsent([keys[0]])
            try await store.set(keys[0], evicting: 0)
            try await store.expectLive(keys)
        },
        Clause("A removal that is not remembered stops no write.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(1)
            try await store.set(keys)
            try await store.remove(keys[0])
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause("A fraction of a millisecond counts as a whole one.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.remove(keys[0], holding: .microseconds(2_001))
            try await store.remove(keys[1], holding: .nanoseconds(1))
            try await store.set(keys)
            try await store.expectAbsent(keys)
            $0.advance(2)
            try await store.set(keys)
            try await store.expectAbsent([keys[0]])
            try await store.expectLive([keys[1]])
            $0.advance(1)
            try await store.set(keys[0])
            try await store.expectLive(keys)
        },
        Clause("A removal with a negative `holding` stops no write, and ends no other.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.remove(keys[0], holding: .seconds(-1))
            try await store.set(keys[0])
            try await store.expectLive([keys[0]])
            try await store.remove(keys[1], holding: 10)
            try await store.remove(keys[1], holding: .seconds(-1))
            try await store.set(keys[1])
            try await store.expectAbsent([keys[1]])
        },
        Clause("The removal of an absent key is remembered, as is that of one whose entry has expired.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.set(keys[1], lasting: 5)
            $0.advance(5)
            for key in keys { try await store.remove(key, holding: 10, wasLive: false) }
            try await store.set(keys)
            try await store.expectAbsent(keys)
            $0.advance(10)
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause("A second removal never shortens the time of the first; a longer one prolongs it.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(1)
            try await store.remove(keys[0], holding: 100)
            try await store.remove(keys[0], holding: 10)
            try await store.remove(keys[0])
            $0.advance(99)
            try await store.set(keys)
            try await store.expectAbsent(keys)
            try await store.remove(keys[0], holding: 50)
            $0.advance(49)
            try await store.set(keys)
            try await store.expectAbsent(keys)
            $0.advance(1)
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause("A refused write evicts nothing, and remembered removals don't count towards capacity.") {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(12)
            for key in keys[2...] { try await store.remove(key, holding: 100) }
            try await store.expectCount(0)
            for key in keys[..<2] { try await store.set(key, evicting: 0) }
            for key in keys[2...] { try await store.set(key, evicting: 0) }
            try await store.expectLive(Array(keys[..<2]))
            try await store.expectAbsent(Array(keys[2...]))
            try await store.expectCount(2)
        },
        Clause("Remembered removals vanish by themselves, however many there were.") {
            let store = try await $0.open(capacity: 200)
            let keys = $0.keys(100)
            for (number, key) in keys.enumerated() { try await store.remove(key, holding: 1 + number % 7) }
            $0.advance(7)
            for key in keys { try await store.set(key, evicting: 0) }
            try await store.expectLive(keys)
        },
        Clause(
            "While its removal is remembered a key can be looked up, removed, and set to an expired entry."
        ) {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(1)
            try await store.remove(keys[0], holding: 100)
            try await store.expectAbsent(keys)
            try await store.remove(keys[0], wasLive: false)
            try await store.set(keys[0], lasting: 0, evicting: 0)
            try await store.expectAbsent(keys)
            try await store.set(keys[0], evicting: 0)
            try await store.expectAbsent(keys)
        },
        Clause("A removal can be remembered for a century.") {
            let store = try await $0.open(capacity: 2)
            let keys = $0.keys(1)
            try await store.remove(keys[0], holding: 100 * 365 * 86_400_000)
            $0.advance(99 * 365 * 86_400_000)
            try await store.set(keys)
            try await store.expectAbsent(keys)
        },
    ]
}
