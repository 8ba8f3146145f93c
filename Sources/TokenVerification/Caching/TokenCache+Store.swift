import CacheStores

/// What a store had to say to a question.
enum StoredAnswer {
    case none
    /// An answer that is too old for this process.
    case outdated
    case fresh(VerifiedToken)
}

extension TokenCache {
    /// The store's answer; none if the store fails or takes too long.
    func storedAnswer(to question: Question) async -> StoredAnswer {
        let now = clock.now
        let token: VerifiedToken?
        if let immediate = immediateAnswer(to: question, at: now) {
            token = immediate
        } else {
            token = await attempt { [store] in try await store.answer(to: question, at: now) } ?? nil
        }
        guard let token else { return .none }
        return isFresh(token, at: now) ? .fresh(token) : .outdated
    }

    /// The store's answer where that takes no waiting, and so no guard against waiting too long.
    ///
    /// A store that fails at this is asked in earnest.
    private func immediateAnswer(to question: Question, at now: Timestamp) -> VerifiedToken?? {
        guard let answer = try? store.immediateAnswer(to: question, at: now) else { return nil }
        storeHealth.noteSuccess()
        return answer
    }

    /// Keeps an answer; a failure costs nothing but another question later.
    func keep(_ token: VerifiedToken, as question: Question) async {
        guard let timeToLive else { return }
        let now = clock.now
        let expiry = min(now.advanced(by: timeToLive), token.expiry ?? .distantFuture)
        guard now < expiry else { return }
        await attempt { [store] in try await store.keep(token, as: question, until: expiry) }
    }

    /// Removes an answer that the authority has since revoked.
    func dropOutdated(_ question: Question) async {
        await attempt { [store] in try await store.remove(question.key, holding: .zero) }
    }

    /// Asks something of the store that a call can do without.
    @discardableResult
    private func attempt<Success: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Success
    ) async -> Success? {
        do {
            let result =
                store.answersAtOnce
                ? try await operation() : try await withDeadline(options.storeDeadline, operation)
            storeHealth.noteSuccess()
            return result
        } catch is CancellationError {
            return nil
        } catch {
            meter.count(.storeFailure)
            storeHealth.noteFailure(error)
            return nil
        }
    }
}
