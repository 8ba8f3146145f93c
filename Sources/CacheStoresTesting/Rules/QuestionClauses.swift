import CacheStores

/// Rule 8, for writes that say when the question began that they answer.
enum QuestionClauses {
    /// When questions begin, in milliseconds from a removal; only the later ones are late enough.
    private static let earlier = [-1_000_000, -1_001, -1, 0, 1, 999, 1_000]
    private static let later = [1_001, 1_002, 5_000]

    static let all = answers + others

    private static let answers = [false, true].map { isWide in
        Clause(
            isWide
                ? "After removeAll a write has an effect only if its question began more than 1 s later."
                : "After a removal a write has an effect only if its question began more than 1 s later."
        ) {
            let store = try await $0.open(capacity: 20)
            let keys = $0.keys(earlier.count + later.count + 1)
            try await store.set(keys.dropFirst(2))
            let removal = store.now
            if isWide { try await store.removeAll(holding: 100_000) }
            for key in keys where !isWide { try await store.remove(key, holding: 100_000) }
            for step in [0, 900, 5_000, 94_099] {
                $0.advance(step)
                for (key, offset) in zip(keys, earlier) {
                    try await store.setInVain(key, asked: removal.advanced(by: .milliseconds(offset)))
                }
                try await store.setInVain(keys[earlier.count])
                try await store.expectAbsent(Array(keys[...earlier.count]))
                guard step >= 5_000 else { continue }
                for (key, offset) in zip(keys.reversed(), later) {
                    try await store.set(key, asked: removal.advanced(by: .milliseconds(offset)), evicting: 0)
                }
                try await store.expectLive(keys.suffix(later.count))
                try await store.expectCount(later.count)
            }
        }
    }

    private static let others = [
        Clause("A write that has no effect leaves the entry that is there, with its place in the order.") {
            let store = try await $0.open(capacity: 3)
            let keys = $0.keys(4)
            let removal = store.now
            try await store.remove(keys[0], holding: 100_000)
            $0.advance(2_000)
            try await store.set(keys[0], asked: store.now)
            try await store.set(keys[1...2])
            for asked in [nil, removal, removal.advanced(by: .seconds(1))] {
                for life in [1_000, 0, -1_000] {
                    try await store.setInVain(keys[0], lasting: life, asked: asked)
                    try await store.expectLive(Array(keys[..<3]))
                }
            }
            try await store.set(keys[3], evicting: 1)
            try await store.expectAbsent([keys[0]])
            try await store.expectLive(Array(keys[1...]))
        },
        Clause("A later answer is an entry like any other: it is overwritten, expires and can be removed.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            for key in keys { try await store.remove(key, holding: 100_000) }
            $0.advance(2_000)
            for _ in 0..<2 { try await store.set(keys[0], lasting: 10, asked: store.now) }
            try await store.set(keys[1], asked: store.now)
            try await store.expectLive(keys)
            try await store.set(keys[1], lasting: 0, asked: store.now, evicting: 0)
            try await store.expectAbsent([keys[1]])
            $0.advance(10)
            try await store.expectAbsent([keys[0]])
            try await store.set(keys[0], asked: store.now)
            try await store.remove(keys[0], holding: 10, wasLive: true)
            try await store.setInVain(keys[0], asked: store.now)
            try await store.expectAbsent(keys)
        },
        Clause("Of several removals the latest moment counts, also if the clock was set back in between.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(4)
            let first = store.now
            for key in keys[..<3] { try await store.remove(key, holding: 100_000) }
            $0.advance(10_000)
            try await store.remove(keys[0], holding: 100_000)
            $0.advance(-4_000)
            try await store.remove(keys[0], holding: 100_000)
            try await store.remove(keys[1], holding: 100_000)
            $0.advance(14_000)
            let moments = [10_000, 6_000, 0].map { first.advanced(by: .milliseconds($0)) }
            for (key, moment) in zip(keys, moments) {
                try await store.setInVain(key, asked: moment.advanced(by: .seconds(1)))
            }
            try await store.expectAbsent(keys)
            for (key, moment) in zip(keys, moments) {
                try await store.set(key, asked: moment.advanced(by: .milliseconds(1_001)))
            }
            try await store.expectLive(Array(keys[..<3]))
            let everything = store.now
            try await store.removeAll(holding: 100_000)
            $0.advance(5_000)
            for key in keys { try await store.setInVain(key, asked: everything.advanced(by: .seconds(1))) }
            try await store.expectAbsent(keys)
            for key in keys {
                try await store.set(key, asked: everything.advanced(by: .milliseconds(1_001)))
            }
            try await store.expectLive(keys)
        },
        Clause("A removal that is not remembered leaves no moment behind.") {
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(2)
            try await store.remove(keys[0], holding: 100_000)
            $0.advance(5_000)
            let asked = store.now
            $0.advance(5_000)
            try await store.remove(keys[0])
            try await store.remove(keys[1], holding: .seconds(-1))
            try await store.removeAll()
            for key in keys { try await store.set(key, asked: asked) }
            try await store.expectLive(keys)
        },
        Clause("From the end of `holding` on the removal is forgotten, whenever a question began.") {
            for length in [10, 1_000, 3_000] {
                let store = try await $0.open(capacity: 4)
                let keys = $0.keys(4)
                let removal = store.now
                try await store.remove(keys[0], holding: length)
                if length == 3_000 { try await store.removeAll(holding: length) }
                $0.advance(length - 1)
                for asked in [nil, removal.advanced(by: .seconds(-5)), removal] {
                    try await store.setInVain(keys[0], asked: asked)
                }
                try await store.expectAbsent([keys[0]])
                $0.advance(1)
                try await store.set(keys[0], asked: removal.advanced(by: .seconds(-5)))
                try await store.set(keys[1], asked: removal)
                try await store.set(keys[2])
                try await store.expectLive(Array(keys[..<3]))
            }
        },
        Clause("`now` is what the store's clock shows, so that questions can be dated by it.") {
            let store = try await $0.open(capacity: 4)
            for step in [0, 1, 86_400_000, -86_300_000] {
                $0.advance(step)
                let time = try await store.time()
                if time != store.now { throw $0.violation("`now` was \(time) rather than \(store.now)") }
            }
        },
    ]
}
