import CacheStores

/// One performance of a history on a fresh store, beside the reference model.
struct HistoryReplay {
    /// The first step in which store and model differ, and everything up to there.
    struct Mismatch: Sendable {
        let wanted: String
        let seen: String
        let transcript: [String]
    }

    private let history: History
    private var stage: HistoryStage
    private var model: ReferenceModel
    private var transcript: [String] = []

    init(_ history: History, _ contract: StoreContract) {
        self.history = history
        stage = HistoryStage(contract, keyCount: 2 * History.keyCount)
        model = ReferenceModel(capacity: history.capacity, now: stage.now)
    }

    /// Performs the history.
    ///
    /// - Returns: where store and model first differ, or `nil`.
    mutating func perform() async throws -> Mismatch? {
        // A store in memory never suspends, and other tests wait for a turn.
        await Task.yield()
        let mismatch: Mismatch?
        do {
            mismatch = try await performSteps()
        } catch let error as CancellationError {
            try? await stage.close()
            throw error
        } catch {
            mismatch = Mismatch(wanted: "no error", seen: "\(error)", transcript: transcript)
        }
        try await stage.close()
        return mismatch
    }

    private mutating func performSteps() async throws -> Mismatch? {
        transcript.append("open with capacity \(history.capacity)")
        try await stage.open(capacity: history.capacity)
        for operation in history.operations {
            transcript.append("\(operation)")
            let response = try await stage.take(operation)
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
        // Where several answers are allowed, or entries were evicted, the contents tell which state it is.
        let hasEvicted = if case .evicted(1...) = response { true } else { false }
        if allowed.count == 1, earlier <= model.now, !hasEvicted { return nil }

        let contents = try await stage.contents(through: operation.handle)
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
}
