import CacheStores

/// A flight's part in asking a question once among all processes of a fleet.
enum FleetPart {
    /// It holds the lease and asks; the others wait for its answer.
    case leader(LeaseHolder)
    /// It asks without a lease.
    case alone
    /// Another process asked, and this is its answer.
    case follower(VerifiedToken)
}

extension TokenCache {
    /// Takes the lease on a question, or waits for the answer of the process that holds it.
    ///
    /// The wait is as long as one lease or one question at the most, whichever is shorter, even if several processes
    /// take the lease in turn without an answer. If leases fail, there is no wait.
    func part(in question: Question, deadline: Duration) async -> FleetPart {
        guard let leasing else { return .alone }
        let holder = LeaseHolder()
        let end = WallClock.monotonic.now.advanced(by: min(options.leaseTime, deadline))
        var backOff = BackOff(from: .milliseconds(5), to: .milliseconds(100))
        while !Task.isCancelled {
            switch await acquireLease(of: leasing, on: question, as: holder) {
            case nil: return .alone
            case true?:
                // The last holder may have stored the answer after this flight looked for it.
                guard case .fresh(let token) = await storedAnswer(to: question) else {
                    meter.count(.lease)
                    return .leader(holder)
                }
                await release(question, as: holder)
                return .follower(token)
            case false?:
                guard WallClock.monotonic.now < end else { return .alone }
                try? await Task.sleep(for: backOff.next())
                if case .fresh(let token) = await storedAnswer(to: question) { return .follower(token) }
            }
        }
        return .alone
    }

    /// Releases the lease, so that the next process may ask.
    func release(_ question: Question, as holder: LeaseHolder) async {
        guard let leasing, isWorthAsking(storeWrites) else { return }
        await perform(storeWrites) { try await leasing.releaseLease(for: question.key, as: holder) }
    }

    /// Whether the lease was free; `nil` if the store failed or its breaker is open.
    private func acquireLease(
        of leasing: any LeasingStore,
        on question: Question,
        as holder: LeaseHolder
    ) async -> Bool? {
        guard isWorthAsking(storeWrites) else { return nil }
        return await perform(storeWrites) { [leaseTime = options.leaseTime] in
            try await leasing.acquireLease(for: question.key, as: holder, lasting: leaseTime)
        }
    }
}
