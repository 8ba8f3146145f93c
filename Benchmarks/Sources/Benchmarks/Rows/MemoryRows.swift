import CacheStores
import Measuring
import TokenVerificationTestSupport

/// `MemoryStore` by itself, beside itself and beside a dictionary behind a lock.
enum MemoryRows {
    static let all = [
        insertion, overwriting, missing, mixture, expiring,
        memory("memory of an entry beyond the value, of 1 000 000", .entryMemory, .atMost(120)),
        memory("memory of a cached token with 12 claims, of 100 000", .tokenMemory, .atMost(800)),
    ]

    private static let count = 50_000

    private static let insertion = Row(
        "MemoryStore, insert, 1 000 000 entries against 10 000",
        .nanoseconds,
        against: "itself",
        .ratio,
        .atMost(3)
    ) {
        let large = try await FullStore(1_000_000)
        let small = try await FullStore(10_000)
        return Contest(
            .time(of: count, given: { large.newKeys(count) }, { try await large.insert($0) }),
            .time(of: count, given: { small.newKeys(count) }, { try await small.insert($0) })
        )
    }

    private static let expiring = Row(
        "MemoryStore, insert, short-lived against long-lived",
        .nanoseconds,
        against: "itself"
    ) {
        let hasty = try await FullStore(10_000)
        let patient = try await FullStore(10_000)
        return Contest(
            .time(of: count, given: { hasty.newKeys(count) }) {
                try await hasty.insert($0, living: .milliseconds(5))
            },
            .time(of: count, given: { patient.newKeys(count) }, { try await patient.insert($0) })
        )
    }

    private static let overwriting = Row(
        "MemoryStore, overwrite",
        .nanoseconds,
        against: "a locked dictionary"
    ) {
        let store = try await FullStore(10_000)
        let dictionary = PlainDictionary()
        let keys = store.presentKeys(10_000)
        return Contest(
            .time(of: keys.count) { try await store.insert(keys) },
            .time(of: keys.count) { dictionary.insert(keys) }
        )
    }

    private static let missing = Row(
        "MemoryStore, look-up miss",
        .nanoseconds,
        against: "a locked dictionary"
    ) {
        let store = try await FullStore(10_000)
        let dictionary = PlainDictionary()
        dictionary.insert(store.presentKeys(10_000))
        let absent = store.newKeys(count)
        return Contest(
            .time(of: count) { try await store.look(absent, finding: 0) },
            .time(of: count) { try dictionary.look(absent, finding: 0) }
        )
    }

    /// Two tasks, each of which takes nineteen look-ups, then one insertion.
    private static let mixture = Row(
        "MemoryStore, 95 % look-ups, two tasks",
        .perSecond,
        against: "a locked dictionary"
    ) {
        let store = try await FullStore(10_000)
        let dictionary = PlainDictionary()
        let steps = 450
        let known = store.presentKeys(19 * steps)
        dictionary.insert(known)
        return Contest(
            // What is looked up is young enough not to be evicted by what is inserted meanwhile.
            .rate(
                of: 2 * steps * 20,
                given: { (store.presentKeys(19 * steps), store.newKeys(2 * steps)) }
            ) { present, new in
                try await inParallel(2, over: 0..<2 * steps) { range in
                    for step in range {
                        let first = step % steps * 19
                        try await store.look(present[first..<first + 19], finding: 19)
                        try await store.insert(new[step...step])
                    }
                }
            },
            .rate(of: 2 * steps * 20) {
                try await inParallel(2, over: 0..<2 * steps) { range in
                    for step in range {
                        let first = step % steps * 19
                        try dictionary.look(known[first..<first + 19], finding: 19)
                        dictionary.insert(known[first...first])
                    }
                }
            }
        )
    }

    private static func memory(_ name: String, _ probe: Probe, _ target: Target) -> Row {
        Row(name, .bytes, against: "", .none, target, rounds: 9) {
            Contest(.figure { try await ChildProcess.figure(of: probe) })
        }
    }
}
