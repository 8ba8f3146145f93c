import CacheStores

extension TokenCache {
    /// The store's answer; `unknown` if the store fails, takes too long, or its breaker is open.
    func storedAnswer(to question: Question) async -> StoredAnswer {
        guard isWorthAsking(storeReads) else { return .unknown }
        let now = clock.now
        let found: VerifiedToken??
        if let immediate = immediateAnswer(to: question, at: now) {
            found = .some(immediate)
        } else {
            found = await tolerating(storeReads) {
                try await store.answer(to: question, at: now, within: options.storeDeadline)
            }
        }
        guard let found else { return .unknown }
        guard let token = found else { return .none }
        if marks != nil {
            switch await standing(of: token, as: question) {
            case .clear: break
            case .covered: return .none
            case .unknown: return .unknown
            }
        }
        return isFresh(token, at: now) ? .fresh(token) : .outdated(token)
    }

    /// The store's answer, if the store gives it without waiting; no deadline is needed then.
    ///
    /// After a failure the store is asked in the ordinary way.
    private func immediateAnswer(to question: Question, at now: Timestamp) -> VerifiedToken?? {
        guard let answer = try? store.immediateAnswer(to: question, at: now) else { return nil }
        storeReads.noteSuccess()
        return answer
    }

    /// Keeps an answer; after a failure the authority is asked again later.
    ///
    /// - Parameters:
    ///   - token: the answer.
    ///   - question: what it answers.
    ///   - asked: when the authority was asked, by the store's clock; `nil` if that time was not known. Then nothing is
    ///     kept, since the store could not tell whether the token was forgotten later.
    func keep(_ token: VerifiedToken, as question: Question, asked: Timestamp?) async {
        guard let asked else {
            unknownTimeLine.write()
            return
        }
        let now = clock.now
        let expiry = min(now.advanced(byMilliseconds: lifeMilliseconds), token.expiry ?? .distantFuture)
        guard now < expiry, isWorthAsking(storeWrites) else { return }
        let evicted = await perform(storeWrites) { [store] in
            try await store.keep(token, as: question, asked: asked, until: expiry)
        }
        if let evicted, evicted > 0 { meter.count(.eviction, times: evicted) }
    }

    /// Removes the answer about a token that the authority now refuses, even if the store's breaker is open.
    ///
    /// The removal also stops an older answer that another process is about to write.
    func dropRefused(_ question: Question) async {
        store.dropNear(question.key)
        await perform(storeWrites) { [store] in try await store.remove(question.key) }
    }

    /// Whether the store's breaker lets an optional operation pass; counts it if not.
    ///
    /// - Parameter health: the health of the store's reads, or of its writes.
    /// - Returns: whether the operation may be tried.
    func isWorthAsking(_ health: StoreHealth) -> Bool {
        if health.admits() { return true }
        meter.count(.sparedStore)
        return false
    }

    /// Performs an optional operation of the store, within the store's deadline.
    @discardableResult
    func perform<Success: Sendable>(
        _ health: StoreHealth,
        _ operation: @escaping @Sendable () async throws -> Success
    ) async -> Success? {
        await tolerating(health) {
            store.answersAtOnce
                ? try await operation() : try await withDeadline(options.storeDeadline, operation)
        }
    }

    /// Performs an optional operation; returns `nil` if the store fails.
    private func tolerating<Success>(
        _ health: StoreHealth,
        _ operation: () async throws -> Success
    ) async -> Success? {
        do {
            let result = try await operation()
            health.noteSuccess()
            return result
        } catch is CancellationError {
            return nil
        } catch {
            meter.count(.storeFailure)
            health.noteFailure(error)
            return nil
        }
    }
}
