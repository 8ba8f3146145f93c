import CacheStores

/// A fresh store on which a history is performed: its handles, and the clock that they read.
struct HistoryStage {
    private let contract: StoreContract
    private let keys: [CacheKey]
    private let clock = ManualClock()
    private let space: String
    private var stores: [any CacheStore<[UInt8]>] = []

    /// Sets the stage; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - contract: tells how the store is opened.
    ///   - keyCount: how many keys the history uses.
    init(_ contract: StoreContract, keyCount: Int) {
        self.contract = contract
        keys = contract.keys(keyCount)
        space = contract.newSpace()
    }

    var now: Timestamp { clock.now }

    /// Opens the store, twice if it can be shared.
    mutating func open(capacity: Int) async throws {
        for _ in 0..<(contract.fixture.isShared ? 2 : 1) {
            stores.append(try await contract.open(space, room: capacity, clock: clock))
        }
    }

    /// Takes a step, and returns what the store answered.
    mutating func take(_ operation: HistoryOperation) async throws -> HistoryResponse {
        let handle = operation.handle % stores.count
        let store = stores[handle]
        switch operation.step {
        case .set(let key, let number, let life, let asked, let before):
            let now = clock.now
            let expiry = now.advanced(by: .milliseconds(life))
            let entry = CacheEntry(StampedValue(number: number).bytes, expiry: expiry)
            let evicted = try await store.setEntry(
                entry,
                for: keys[key],
                asked: asked.map { now.advanced(by: .milliseconds($0)) },
                before: before.map { now.advanced(by: .milliseconds($0)) }
            )
            return .evicted(evicted)
        case .lookUp(let key):
            return .found(try await entry(for: key, in: store))
        case .remove(let key, let hold):
            return .removed(try await store.removeEntry(for: keys[key], holding: .milliseconds(hold)))
        case .removeAll(let hold):
            try await store.removeAll(holding: .milliseconds(hold))
            return .done
        case .count:
            return .number(try await store.count())
        case .capacity:
            return .number(try await store.capacity() / contract.wholeCapacity(1))
        case .survey:
            return .contents(try await contents(through: handle))
        case .moveClock(let milliseconds):
            clock.advance(by: .milliseconds(milliseconds))
            return .done
        case .reopen(let capacity):
            await store.shutdown()
            stores[handle] = try await contract.open(space, room: capacity, clock: clock)
            return .done
        }
    }

    /// Looks every key up.
    func contents(through handle: Int) async throws -> [Int: HistoryResponse.Entry] {
        var contents: [Int: HistoryResponse.Entry] = [:]
        for key in keys.indices {
            contents[key] = try await entry(for: key, in: stores[handle % stores.count])
        }
        return contents
    }

    /// Shuts all handles down, and discards what they kept.
    func close() async throws {
        for store in stores { await store.shutdown() }
        try await contract.fixture.discard(space)
    }

    private func entry(
        for key: Int,
        in store: any CacheStore<[UInt8]>
    ) async throws -> HistoryResponse.Entry? {
        guard let entry = try await store.entry(for: keys[key]) else { return nil }
        return HistoryResponse.Entry(number: StampedValue(entry.value)?.number, expiry: entry.expiry)
    }
}
