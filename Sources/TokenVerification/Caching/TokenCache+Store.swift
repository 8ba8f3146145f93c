import CacheStores

extension TokenCache {
    /// The store's answer; nobody knows if the store fails, takes too long or is left alone.
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

    /// The store's answer where that takes no waiting, and so no guard against waiting too long.
    ///
    /// A store that fails at this is asked in earnest.
    private func immediateAnswer(to question: Question, at now: Timestamp) -> VerifiedToken?? {
        guard let answer = try? store.immediateAnswer(to: question, at: now) else { return nil }
        storeReads.noteSuccess()
        return answer
    }

    /// Keeps an answer; a failure costs nothing but another question later.
    ///
    /// - Parameters:
    ///   - token: the answer.
    ///   - question: what it answers.
    ///   - asked: when the authority was asked, by the store's clock. Nothing is kept if that was not known: no store
    ///     could tell whether the token was forgotten since.
    func keep(_ token: VerifiedToken, as question: Question, asked: Timestamp?) async {
        guard let asked else {
            unknownTimeLine.write()
            return
        }
        let now = clock.now
        let expiry = min(now.advanced(byMilliseconds: lifeMilliseconds), token.expiry ?? .distantFuture)
        guard now < expiry, isWorthAsking(storeWrites) else { return }
        await perform(storeWrites) { [store] in
            try await store.keep(token, as: question, asked: asked, until: expiry)
        }
    }

    /// Removes an answer that the authority has since revoked, even if the store has been failing.
    ///
    /// No older answer takes its place, which another process may be waiting for.
    func dropRefused(_ question: Question) async {
        store.dropNear(question.key)
        await perform(storeWrites) { [store] in try await store.remove(question.key) }
    }

    /// Whether the store may be asked for something that a call can do without.
    ///
    /// - Parameter health: the health of the store's reads, or of its writes.
    /// - Returns: whether it may; if not, that was counted.
    func isWorthAsking(_ health: StoreHealth) -> Bool {
        if health.admits() { return true }
        meter.count(.sparedStore)
        return false
    }

    /// Asks something of the store that a call can do without, for no longer than it may delay a call.
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

    /// Does something that a call can do without, and does without it if the store fails.
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
