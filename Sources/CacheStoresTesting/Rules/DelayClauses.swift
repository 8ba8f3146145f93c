import CacheStores

/// Rule 8, with real delays.
enum DelayClauses {
    /// How long to wait for an operation that a sound store may keep waiting.
    private static let waitLimit = Duration.milliseconds(600)
    /// A life or a remembered removal that outlasts the test by any clock, in milliseconds.
    private static let ages = 200 * 365 * 86_400_000

    static let all = [
        Clause("By its own clock, too, a store tells questions before a removal from later ones.") {
            let store = try await $0.open(capacity: 4, clock: .system)
            let keys = $0.keys(2)
            let early = try await store.time()
            try await store.set(
                keys[0],
                lasting: ages,
                asked: early,
                before: early.advanced(by: .seconds(3_600))
            )
            try await store.expectLive([keys[0]])
            try await store.remove(keys[0], holding: .seconds(3_600), wasLive: true)
            try await store.setInVain(keys[0], lasting: ages, asked: early)
            try await store.expectAbsent([keys[0]])
            let end = try await store.time().advanced(by: .milliseconds(200))
            try await $0.wait(.milliseconds(1_500))
            let late = try await store.time()
            try await store.set(keys[0], lasting: ages, asked: late)
            try await store.setInVain(keys[0], lasting: ages, asked: early)
            try await store.setInVain(keys[0], lasting: ages, asked: late, before: end)
            try await store.setInVain(keys[1], lasting: ages, before: end)
            try await store.expectLive([keys[0]])
            try await store.expectAbsent([keys[1]])
        },
        Clause("`before` is judged in the same step as the write, however long a write waits before that.") {
            guard $0.contract.fixture.readsClockInStep else { return }
            let store = try await $0.open(capacity: 4)
            let keys = $0.keys(1)
            let end = store.moment(10)
            let write = try await store.setHeldBack(keys[0], before: end)
            defer { write.reading.release() }
            $0.advance(20)
            // Either this waits for the write, and then removes what that stored; or the write comes too late.
            let removal = store.operation { try await $0.removeEntry(for: keys[0].key, holding: .zero) }
            _ = try await waits(waitLimit) { removal.hasEnded }
            write.reading.release()
            _ = try await (write.operation.result.get(), removal.result.get())
            $0.note("remove A meanwhile, not remembered")
            try await store.expectAbsent(keys)
        },
        Clause(
            "A removal's moment is that of the step in which it removes, however long it waits before that."
        ) {
            guard $0.contract.fixture.readsClockInStep else { return }
            for isWide in [false, true] {
                let store = try await $0.open(capacity: 4)
                let keys = $0.keys(1)
                try await store.removeAll()
                let asked = store.moment(5_000)
                let removal = try await store.removeHeldBack(isWide ? nil : keys[0], holding: 100_000)
                defer { removal.reading.release() }
                $0.advance(10_000)
                let entry = $0.newEntry(lasting: 1_000_000)
                let write = store.operation {
                    try await $0.setEntry(entry, for: keys[0].key, asked: asked, before: nil)
                }
                _ = try await waits(waitLimit) { write.hasEnded }
                removal.reading.release()
                _ = try await (removal.operation.result.get(), write.result.get())
                $0.note("set A meanwhile, asked at \(asked)")
                // Where the entry is there, the removal came before the write.
                guard try await store.next.entry(for: keys[0].key) == nil else { continue }
                try await store.setInVain(keys[0], asked: asked)
                try await store.expectAbsent(keys)
                $0.advance(100_000)
            }
        },
    ]
}
