import CacheStores

/// Rule 8, for removals of everything.
enum RemoveAllClauses {
    static let all = [
        Clause(
            "While a removeAll is remembered no setEntry without `asked` stores anything."
        ) {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(3)
            try await store.set(keys.prefix(2))
            try await store.removeAll(holding: 10)
            for step in [0, 9] {
                $0.advance(step)
                for key in keys { try await store.set(key, evicting: 0) }
                try await store.expectAbsent(keys)
                try await store.expectCount(0)
            }
            $0.advance(1)
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause("removeAll that is not remembered stops no write, and ends no remembered removal.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.remove(keys[0], holding: 10)
            try await store.removeAll()
            try await store.set(keys)
            try await store.expectAbsent([keys[0]])
            try await store.expectLive([keys[1]])
            try await store.removeAll(holding: 20)
            try await store.removeAll(holding: 5)
            try await store.removeAll()
            $0.advance(19)
            try await store.set(keys)
            try await store.expectAbsent(keys)
            $0.advance(1)
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause(
            "removeAll counts a fraction of a millisecond as a whole one, and a negative `holding` as none."
        ) {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(1)
            try await store.removeAll(holding: .seconds(-1))
            try await store.set(keys)
            try await store.expectLive(keys)
            try await store.removeAll(holding: .microseconds(1_001))
            $0.advance(1)
            try await store.set(keys)
            try await store.expectAbsent(keys)
            $0.advance(1)
            try await store.set(keys)
            try await store.expectLive(keys)
        },
        Clause("Of a key's own removal and a removeAll the one that is remembered longer counts.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(3)
            try await store.remove(keys[0], holding: 30)
            try await store.removeAll(holding: 20)
            try await store.remove(keys[1], holding: 10)
            $0.advance(19)
            try await store.set(keys)
            try await store.expectAbsent(keys)
            $0.advance(1)
            try await store.set(keys)
            try await store.expectAbsent([keys[0]])
            try await store.expectLive([keys[1], keys[2]])
            $0.advance(10)
            try await store.set(keys[0])
            try await store.expectLive(keys)
        },
    ]
}
