import CacheStores

/// Something whose costs are drawn: a store of ours, or a peer.
protocol GrowthSubject: Sendable {
    /// How long so many look-ups take that find something, in seconds; until the first insertion, which evicts.
    func hit(_ count: Int, tasks: Int) async throws -> Double

    /// How long so many insertions of new keys take, in seconds.
    func insert(_ count: Int, tasks: Int) async throws -> Double

    func end() async
}

/// A store that is full.
struct StoreSubject<Store: CacheStore<[UInt8]>>: GrowthSubject {
    private let store: Store
    private let entries: Int
    private let source: RowSource
    private let close: @Sendable () async -> Void

    /// Fills an empty store, which has room for just so many entries; what it stands on is let go of at the end.
    init(_ store: Store, entries: Int, close: @escaping @Sendable () async -> Void = {}) async throws {
        self.store = store
        self.entries = entries
        self.close = close
        source = RowSource()
        for _ in 0..<entries / 1000 { try await store.set(source.rows(1000), tasks: 64) }
    }

    func hit(_ count: Int, tasks: Int) async throws -> Double {
        let keys = Sample.keys(0..<entries)
        let clock = ContinuousClock()
        let time = try await clock.measure {
            try await inParallel(tasks, over: 0..<count) { range in
                for step in range where try await store.entry(for: keys[step * 7919 % entries]) == nil {
                    throw BenchmarkError("an entry is lost")
                }
            }
        }
        return time / .seconds(1)
    }

    func insert(_ count: Int, tasks: Int) async throws -> Double {
        let rows = source.rows(count)
        return try await ContinuousClock().measure { try await store.set(rows, tasks: tasks) } / .seconds(1)
    }

    func end() async {
        await store.shutdown()
        await close()
    }
}

/// A peer that is full.
struct PeerSubject: GrowthSubject {
    let peer: Peer
    let entries: Int
    var close: @Sendable () async -> Void = {}

    func hit(_ count: Int, tasks: Int) async throws -> Double {
        try await peer.seconds(.get, count, entries: entries, tasks: tasks)
    }

    func insert(_ count: Int, tasks: Int) async throws -> Double {
        try await peer.seconds(.set, count, entries: entries, tasks: tasks)
    }

    func end() async {
        await peer.stop()
        await close()
    }
}
