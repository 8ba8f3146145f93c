import CacheStores

/// Rule 2, apart from what only shows when several tasks write at once.
enum BoundClauses {
    static let all = exact.map { $0.waived(by: .boundExceededAfterEvictionByServer) } + [inTheEnd]

    /// What holds even where the store's server evicts on its own account.
    private static let inTheEnd = Clause("One lifetime of the entries later the bound is exact in any case.")
    {
        let store = try await $0.open(capacity: 3)
        let keys = $0.keys(16)
        try await store.set(keys[..<8], lasting: 1_000)
        $0.advance(1_000)
        for key in keys[8...] {
            try await store.set(key)
            try await store.expectCount(atMost: 3)
        }
        try await store.expectCount(3)
    }

    private static let exact = [
        Clause("After any setEntry there are at most `capacity` live entries; up to that, none is evicted.") {
            for capacity in [1, 3, 8] {
                let store = try await $0.open(capacity: capacity)
                try await store.removeAll()
                for (number, key) in $0.keys(3 * capacity).enumerated() {
                    try await store.set(key, evicting: number < capacity ? 0 : 1)
                    try await store.expectCount(atMost: capacity)
                }
                try await store.expectCount(capacity)
            }
        },
        Clause("A removal makes room for exactly one entry.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(6)
            try await store.set(keys.prefix(3))
            try await store.remove(keys[1], wasLive: true)
            try await store.set(keys[3], evicting: 0)
            try await store.expectCount(3)
            try await store.set(keys[4], evicting: 1)
            try await store.expectCount(atMost: 3)
            try await store.removeAll()
            for key in keys.prefix(3) { try await store.set(key, evicting: 0) }
            try await store.set(keys[5], evicting: 1)
            try await store.expectCount(atMost: 3)
        },
        Clause("Expired entries leave the bound as it is.") { scenario in
            let store = try await scenario.open(capacity: 4)
            for (number, key) in scenario.keys(40).enumerated() {
                try await store.set(key, lasting: 3 + number % 5)
                try await store.expectCount(atMost: 4)
                if number % 3 == 2 { scenario.advance(2) }
            }
        },
        Clause(
            "While a lowered capacity is worked off no write adds a net entry, and then the bound is exact.",
            concernsSharing: true
        ) {
            let store = try await $0.open(capacity: 8)
            let keys = $0.keys(40)
            try await store.set(keys.prefix(8))
            let lowered = try await $0.open(capacity: 2)
            var count = min(8, try await store.count())
            for (number, key) in keys.dropFirst(8).enumerated() {
                try await (number % 2 == 0 ? store : lowered).set(key)
                let now = try await lowered.count()
                if now > max(2, count) {
                    throw $0.violation("a write took the count from \(count) to \(now)")
                }
                count = now
            }
            try await store.expectCount(2)
        },
        Clause(
            "While a lowered capacity is worked off each write evicts a bounded number.",
            concernsSharing: true
        ) {
            let keys = $0.keys(2 * CostClauses.scale + 100)
            let store = try await $0.open(capacity: CostClauses.scale)
            try await store.fill(Array(keys.prefix(CostClauses.scale)), lasting: 1_000_000)
            let lowered = try await $0.open(capacity: 4)
            for (number, key) in keys.dropFirst(CostClauses.scale).enumerated() {
                let evicted = try await lowered.set(key)
                if evicted > CostClauses.mostPerWrite {
                    throw $0.violation("one write evicted \(evicted) of \(CostClauses.scale) entries")
                }
                if number % 50 == 49, try await store.count() <= 4 { return }
            }
            throw $0.violation(
                "as many writes as there were entries did not bring the store within its bound"
            )
        },
    ]
}
