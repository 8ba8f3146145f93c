import CacheStores
import Tracing

extension TokenCache {
    /// An answer that is at hand without waiting, and recent enough.
    func nearAnswer(for key: CacheKey, at now: Timestamp) -> Verification? {
        guard timeToLive != nil, let token = store.nearAnswer(for: key, at: now), isFresh(token, at: now)
        else { return nil }
        let source = store.nearSource
        meter.countHit(source == .near ? .nearHit : .storeHit, for: key)
        return Verification(token: token, source: source)
    }

    /// The answer to a question: the store's, else that of a question under way, else the authority's.
    func answer(
        to question: Question,
        asking authority: some TokenAuthority
    ) async throws(VerificationError) -> Verification {
        guard timeToLive != nil else { return try await uncachedAnswer(to: question, asking: authority) }
        if Task.isCancelled { throw VerificationError(.cancelled) }
        if !store.answersAtOnce, case .fresh(let token) = await storedAnswer(to: question) {
            meter.countHit(.storeHit, for: question.key)
            return Verification(token: token, source: .store)
        }
        if Task.isCancelled { throw VerificationError(.cancelled) }
        try checkRefusals(question)
        return try await countingOverload { () async throws(VerificationError) in
            let (answer, isShared) = try await flights.answer(for: question.key) { flight in
                do throws(VerificationError) {
                    return .success(try await self.fly(flight, with: question, asking: authority))
                } catch {
                    // Nobody but `shutdown()` cancels a flight.
                    return .failure(Task.isCancelled ? VerificationError(.shutDown) : error)
                }
            }
            guard isShared else { return answer }
            meter.count(.sharedAnswer)
            return Verification(token: answer.token, source: .sharedFlight)
        }
    }

    private func uncachedAnswer(
        to question: Question,
        asking authority: some TokenAuthority
    ) async throws(VerificationError) -> Verification {
        try checkRefusals(question)
        return try await countingOverload { () async throws(VerificationError) in
            try await flights.unshared { () async throws(VerificationError) in
                switch try await verdict(on: question, by: authority) {
                case .accepted(let token, _): return Verification(token: token, source: .authority)
                case .refused:
                    rememberRefusal(of: question)
                    throw VerificationError(.refused)
                }
            }
        }
    }

    /// What a flight does: looks once more, asks, and keeps the answer unless the token was forgotten meanwhile.
    private func fly(
        _ flight: Flight<Verification>,
        with question: Question,
        asking authority: some TokenAuthority
    ) async throws(VerificationError) -> Verification {
        let stored = await storedAnswer(to: question)
        if case .fresh(let token) = stored {
            meter.countHit(.storeHit, for: question.key)
            return Verification(token: token, source: .store)
        }
        try checkRefusals(question)
        switch try await verdict(on: question, by: authority) {
        case .accepted(let token, let isCacheable):
            if isCacheable, !flight.isDetached { await keep(token, as: question) }
            return Verification(token: token, source: .authority)
        case .refused:
            if !flight.isDetached { rememberRefusal(of: question) }
            if case .outdated = stored { await dropOutdated(question) }
            throw VerificationError(.refused)
        }
    }

    /// Asks the authority, for no longer than it says a question takes.
    private func verdict(
        on question: Question,
        by authority: some TokenAuthority
    ) async throws(VerificationError) -> Verdict {
        meter.count(.question)
        do {
            let ask: @Sendable () async throws -> Verdict = {
                try await withSpan("token verification", ofKind: .client) { span in
                    span.attributes["token.authority"] = authority.identity.kind
                    return try await authority.verdict(on: question.token)
                }
            }
            let isPunctual = (authority as? any PunctualAuthority)?.isPunctual ?? false
            let verdict = isPunctual ? try await ask() : try await withDeadline(authority.deadline, ask)
            meter.count(verdict == .refused ? .refusal : .acceptance)
            return verdict
        } catch {
            meter.count(.failedQuestion)
            switch error {
            case let error as VerificationError: throw error
            case is CancellationError: throw VerificationError(.cancelled)
            case is DeadlineExceeded: throw VerificationError(.timedOut)
            default: throw VerificationError(.failed)
            }
        }
    }

    private func checkRefusals(_ question: Question) throws(VerificationError) {
        guard let refusals, (try? refusals.entry(for: question.key, at: clock.now)) != nil else { return }
        meter.count(.refusalHit)
        throw VerificationError(.refused)
    }

    private func rememberRefusal(of question: Question) {
        guard let refusals, let timeToLive = options.refusalTimeToLive else { return }
        let now = clock.now
        let entry = CacheEntry(Refusal(), expiry: now.advanced(by: timeToLive))
        _ = try? refusals.setEntry(entry, for: question.key, at: now)
    }

    private func countingOverload(
        _ operation: () async throws(VerificationError) -> Verification
    ) async throws(VerificationError) -> Verification {
        do {
            return try await operation()
        } catch {
            if error.reason == .overloaded { meter.count(.overload) }
            throw error
        }
    }
}
