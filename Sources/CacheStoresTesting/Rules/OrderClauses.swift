import CacheStores

/// Rule 3.
enum OrderClauses {
    static let all = [
        Clause("At capacity the live entry that was first inserted longest ago goes.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(16)
            for (number, key) in keys.enumerated() {
                try await store.set(key)
                try await store.expectLive(Array(keys[max(0, number - 3)...number]))
                try await store.expectAbsent(Array(keys[..<max(0, number - 3)].suffix(3)))
            }
        },
        Clause("Lookups and counts never reorder.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(5)
            try await store.set(keys.prefix(3))
            for _ in 0..<5 { try await store.lookUp([keys[0], keys[1], keys[0]]) }
            _ = try await store.count()
            try await store.set(keys[3])
            try await store.expectAbsent([keys[0]])
            try await store.expectLive(Array(keys[1...3]))
            try await store.set(keys[4])
            try await store.expectAbsent([keys[1]])
            try await store.expectLive(Array(keys[2...4]))
        },
        Clause("The order of insertion counts, not that of expiry.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(4)
            try await store.set(keys[0], lasting: 900_000)
            try await store.set(keys[1], lasting: 100)
            try await store.set(keys[2], lasting: 500)
            try await store.set(keys[3], lasting: 300)
            try await store.expectAbsent([keys[0]])
            try await store.expectLive(Array(keys[1...3]))
        },
        Clause("A removal from the middle, from the head or from the tail leaves the order of the others.") {
            for removed in 0..<4 {
                let store = try await $0.open(capacity: 4)
                try await store.removeAll()
                let keys = $0.keys(8)
                try await store.set(keys.prefix(4))
                try await store.remove(keys[removed], wasLive: true)
                var order = keys.prefix(4).filter { $0 != keys[removed] }
                try await store.set(keys[4])
                order.append(keys[4])
                for key in keys[5...] {
                    try await store.set(key)
                    try await store.expectAbsent([order.removeFirst()])
                    order.append(key)
                    try await store.expectLive(order)
                }
            }
        },
        Clause("The order is that of writing whatever the clock says.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(5)
            try await store.set(keys[0])
            $0.advance(-5_000)
            try await store.set(keys[1])
            $0.advance(9_000)
            try await store.set(keys[2])
            $0.advance(-2_000)
            for number in [3, 4] {
                try await store.set(keys[number])
                try await store.expectAbsent([keys[number - 3]])
                try await store.expectLive(Array(keys[(number - 2)...number]))
            }
        },
    ]
}
