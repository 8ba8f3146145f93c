import CacheStores

/// One performance of a history on a fresh store, beside the reference model.
struct HistoryReplay {
    /// Where the store left the model, and everything up to there.
    struct Mismatch: Sendable {
        let wanted: String
        let seen: String
        let transcript: [String]
    }

    private let contract: StoreContract
    private let history: History
    private let keys: [CacheKey]
    private let clock = ManualClock()
    private let space: String
    private var stores: [any CacheStore<[UInt8]>] = []
    private var model: ReferenceModel
    private var transcript: [String] = []

    init(_ history: History, _ contract: StoreContract) {
        self.contract = contract
        self.history = history
        keys = contract.keys(2 * History.keyCount)
        space = contract.newSpace()
        model = ReferenceModel(capacity: history.capacity, now: clock.now)
    }

    /// Performs the history.
    ///
    /// - Returns: where store and model first differ, or `nil`.
    mutating func perform() async throws -> Mismatch? {
        let mismatch: Mismatch?
        do {
            mismatch = try await performSteps()
        } catch let error as CancellationError {
            try? await close()
            throw error
        } catch {
            mismatch = Mismatch(wanted: "no error", seen: "\(error)", transcript: transcript)
        }
        try await close()
        return mismatch
    }

    private mutating func performSteps() async throws -> Mismatch? {
        transcript.append("open with capacity \(history.capacity)")
        for _ in 0..<(contract.fixture.isShared ? 2 : 1) {
            stores.append(try await contract.open(space, room: history.capacity, clock: clock))
        }
        for operation in history.operations {
            transcript.append("\(operation)")
            let response = try await take(operation.step, through: operation.handle)
            if let mismatch = try await compare(operation, response) { return mismatch }
            transcript[transcript.count - 1] += ": \(response)"
        }
        return nil
    }

    /// Lets the model follow the store, as long as it did what the contract allows.
    private mutating func compare(
        _ operation: HistoryOperation,
        _ response: HistoryResponse
    ) async throws -> Mismatch? {
        let possible = model.outcomes(of: operation.step)
        let allowed = possible.filter { $0.response == response }
        guard let first = allowed.first else {
            return mismatch(possible.map { "\($0.response)" }, "\(response)")
        }
        let earlier = model.now
        model = first.model
        // Where an answer leaves something open, and where it is important who went, the contents tell the rest.
        let hasEvicted = if case .evicted(1...) = response { true } else { false }
        if allowed.count == 1, earlier <= model.now, !hasEvicted { return nil }

        let contents = try await contents(through: operation.handle)
        if model.now < earlier { model.settle(since: earlier, seeing: contents) }
        let followed = allowed.count == 1 ? [model] : allowed.map(\.model)
        if let match = followed.first(where: { $0.contents == contents }) {
            model = match
            return nil
        }
        let wanted = followed.map { "afterwards the contents \(HistoryResponse.contents($0.contents))" }
        return mismatch(wanted, "\(HistoryResponse.contents(contents))")
    }

    private func mismatch(_ wanted: [String], _ seen: String) -> Mismatch {
        let different = wanted.enumerated().filter { !wanted[..<$0.offset].contains($0.element) }
        let text = "in the last step, " + different.map(\.element).joined(separator: ", or ")
        return Mismatch(wanted: text, seen: seen, transcript: transcript)
    }

    private mutating func take(_ step: HistoryStep, through handle: Int) async throws -> HistoryResponse {
        let store = stores[handle % stores.count]
        switch step {
        case .set(let key, let number, let life):
            let expiry = clock.now.advanced(by: .milliseconds(life))
            let entry = CacheEntry(StampedValue(number: number).bytes, expiry: expiry)
            return .evicted(try await store.setEntry(entry, for: keys[key]))
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
            stores[handle % stores.count] = try await contract.open(space, room: capacity, clock: clock)
            return .done
        }
    }

    private func entry(
        for key: Int,
        in store: any CacheStore<[UInt8]>
    ) async throws -> HistoryResponse.Entry? {
        guard let entry = try await store.entry(for: keys[key]) else { return nil }
        return HistoryResponse.Entry(number: StampedValue(entry.value)?.number, expiry: entry.expiry)
    }

    private func contents(through handle: Int) async throws -> [Int: HistoryResponse.Entry] {
        var contents: [Int: HistoryResponse.Entry] = [:]
        for key in keys.indices {
            contents[key] = try await entry(for: key, in: stores[handle % stores.count])
        }
        return contents
    }

    private func close() async throws {
        for store in stores { await store.shutdown() }
        try await contract.fixture.discard(space)
    }
}
