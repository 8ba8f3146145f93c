import CacheStores
import CacheStoresWaiting

/// The leases by which all processes of a fleet ask each question once.
struct FleetLeases: Sendable {
    /// A flight's part in asking a question.
    enum Part {
        /// It holds the lease and asks; the others wait for its answer.
        case leader(LeaseHolder)
        /// It asks without a lease.
        case alone
        /// Another process asked, and this is its answer.
        case follower(VerifiedToken)
    }

    private let store: any LeasingStore
    private let answers: StoredAnswers
    private let leaseTime: Duration

    /// The leases of a store; `nil` if each process asks for itself.
    ///
    /// - Throws: ``ConfigurationError`` if the store has no leases.
    init?(
        of store: any AnswerStore,
        _ answers: StoredAnswers,
        _ options: TokenCacheOptions
    ) throws(ConfigurationError) {
        guard options.fleet.isOn else { return nil }
        guard let leasing = store.store.ability((any LeasingStore).self) else {
            throw ConfigurationError("fleet.isOn needs a store with leases (LeasingStore)")
        }
        self.store = leasing
        self.answers = answers
        leaseTime = options.fleet.leaseTime
    }

    /// Takes the lease on a question, or waits for the answer of the process that holds it.
    ///
    /// The wait is as long as one lease or one question at the most, whichever is shorter, even if several processes
    /// take the lease in turn without an answer. If leases fail, there is no wait.
    func part(in question: Question) async -> Part {
        let holder = LeaseHolder()
        let end = ContinuousClock.now.advanced(by: min(leaseTime, question.authority.deadline, question.askingDeadline.remaining))
        var backOff = Backoff(from: .milliseconds(5), to: .milliseconds(100))
        while !Task.isCancelled {
            guard let isMine = await acquire(question, as: holder) else { return .alone }
            if !isMine {
                guard ContinuousClock.now < end else { return .alone }
                await backOff.wait()
            }
            // Also with the lease: the last holder may have stored the answer after this flight looked for it.
            if case .fresh(let token) = await answers.lookUp(question) {
                if isMine { await release(question, as: holder) }
                return .follower(token)
            }
            if isMine { return .leader(holder) }
        }
        return .alone
    }

    /// Releases the lease, so that the next process may ask.
    func release(_ question: Question, as holder: LeaseHolder) async {
        await answers.access.attempt(answers.access.writes) { [store] in
            try await store.releaseLease(for: question.key, as: holder)
        }
    }

    /// Whether the lease was free; `nil` if the store failed or its breaker is open.
    private func acquire(_ question: Question, as holder: LeaseHolder) async -> Bool? {
        await answers.access.attempt(answers.access.writes) { [store, leaseTime] in
            try await store.acquireLease(for: question.key, as: holder, lasting: leaseTime)
        }
    }
}
