import CacheStores

/// Rule 8, for writes that say from when on they have no effect.
enum LateClauses {
    static let all = [
        Clause("A write has no effect once the clock has reached its `before`, and has until then.") {
            let store = try await $0.open(capacity: 8)
            let keys = $0.keys(6)
            let end = store.moment(10)
            try await store.set(keys[0], before: end)
            $0.advance(9)
            try await store.set(keys[1], before: end)
            try await store.set(keys[2], asked: store.now, before: .distantFuture)
            for _ in 0..<2 {
                $0.advance(1)
                try await store.setInVain(keys[3], before: end)
                try await store.setInVain(keys[3], asked: store.now, before: end)
            }
            try await store.setInVain(keys[4], before: .distantPast)
            try await store.setInVain(keys[4], asked: store.now, before: store.moment(-1_000_000))
            try await store.expectLive(Array(keys[..<3]))
            try await store.expectAbsent(Array(keys[3...]))
            try await store.expectCount(3)
        },
        Clause(
            "A write that comes too late leaves the entry that is there, with its place, and evicts nothing."
        ) {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(5)
            try await store.set(keys[..<3])
            let end = store.now
            for life in [1_000, 0, -1_000] {
                for key in keys[..<4] { try await store.setInVain(key, lasting: life, before: end) }
                try await store.expectLive(Array(keys[..<3]))
                try await store.expectAbsent([keys[3]])
            }
            try await store.set(keys[4], evicting: 1)
            try await store.expectAbsent([keys[0]])
            try await store.expectLive([keys[1], keys[2], keys[4]])
        },
        Clause("An answer that was asked for before a removal is never stored, however late it arrives.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            let asked = store.moment(-1_000)
            let end = asked.advanced(by: .seconds(60))
            for key in keys { try await store.set(key, asked: asked, before: end) }
            try await store.remove(keys[0], holding: 120_000, wasLive: true)
            try await store.removeAll(holding: 120_000)
            for step in [0, 1, 15_000, 43_998, 1, 60_998, 1, 1, 3_600_000] {
                $0.advance(step)
                for key in keys { try await store.setInVain(key, asked: asked, before: end) }
                try await store.expectAbsent(keys)
                try await store.expectCount(0)
            }
            for key in keys { try await store.set(key, asked: store.now, before: store.moment(60_000)) }
            try await store.expectLive(keys)
        },
    ]
}
