import CacheStores

extension TokenCache {
    /// An answer that is available without waiting, and recent enough.
    func nearAnswer(for key: CacheKey, at now: Timestamp) -> Verification? {
        guard timeToLive != nil, let token = store.nearAnswer(for: key, at: now), isFresh(token, at: now)
        else { return nil }
        if let marks, marks.nearStanding(of: token, under: key, at: now) != .clear { return nil }
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
        if !store.answersAtOnce || marks != nil, case .fresh(let token) = await storedAnswer(to: question) {
            return storeHit(token, for: question)
        }
        if Task.isCancelled { throw VerificationError(.cancelled) }
        try checkRefusals(question)
        let (answer, isShared) = try await flights.answer(for: question.key) { flight in
            do throws(VerificationError) {
                return .success(try await self.fly(flight, with: question, asking: authority))
            } catch {
                // Only `shutdown()` cancels a flight.
                return .failure(Task.isCancelled ? VerificationError(.shutDown) : error)
            }
        }
        guard isShared else { return answer }
        meter.count(.sharedAnswer)
        // That an answer is old matters more than which caller asked for it.
        return answer.source == .stale ? answer : Verification(token: answer.token, source: .sharedFlight)
    }

    private func uncachedAnswer(
        to question: Question,
        asking authority: some TokenAuthority
    ) async throws(VerificationError) -> Verification {
        try checkRefusals(question)
        try flights.checkIsOpen()
        let isKnown = acceptedKeys.contains(question.key)
        let answer = try await verdict(on: question, by: authority, in: nil, isKnown: isKnown)
        switch answer.verdict {
        case .accepted(let token, _): return Verification(token: token, source: .authority)
        case .refused:
            remember(answer.refusal, of: question)
            throw VerificationError(answer.refusal)
        }
    }

    /// A flight: looks into the store once more, asks, and keeps the answer unless the token was forgotten meanwhile.
    private func fly(
        _ flight: Flight,
        with question: Question,
        asking authority: some TokenAuthority
    ) async throws(VerificationError) -> Verification {
        let stored = await storedAnswer(to: question)
        if case .fresh(let token) = stored { return storeHit(token, for: question) }
        try checkRefusals(question)
        if let answer = postponedAnswer(stored, to: question, in: flight) { return answer }
        do throws(VerificationError) {
            return try await askedAnswer(to: question, after: stored, in: flight, asking: authority)
        } catch {
            return try await answer(to: question, in: flight, insteadOf: error)
        }
    }

    /// The authority's answer, brought by this flight or by that of another process.
    private func askedAnswer(
        to question: Question,
        after stored: StoredAnswer,
        in flight: Flight,
        asking authority: some TokenAuthority
    ) async throws(VerificationError) -> Verification {
        guard leasing != nil else {
            return try await keptAnswer(to: question, after: stored, in: flight, asking: authority)
        }
        // Fails fast: the breaker is checked before the lease is waited for.
        try checkPause(on: question, isKnown: isKnown(question, stored))
        switch await part(in: question, deadline: authority.deadline) {
        case .alone:
            return try await keptAnswer(to: question, after: stored, in: flight, asking: authority)
        case .follower(let token):
            meter.count(.fleetAnswer)
            return storeHit(token, for: question)
        case .leader(let holder):
            do throws(VerificationError) {
                let answer = try await keptAnswer(to: question, after: stored, in: flight, asking: authority)
                await release(question, as: holder)
                return answer
            } catch {
                await release(question, as: holder)
                throw error
            }
        }
    }

    /// The authority's answer, kept unless the token was forgotten meanwhile.
    private func keptAnswer(
        to question: Question,
        after stored: StoredAnswer,
        in flight: Flight,
        asking authority: some TokenAuthority,
        isRepeated: Bool = false
    ) async throws(VerificationError) -> Verification {
        let isKnown = isKnown(question, stored)
        var mayBeStored = isKnown
        if case .none = stored { mayBeStored = false }
        let answer = try await verdict(on: question, by: authority, in: flight, isKnown: isKnown)
        switch answer.verdict {
        case .accepted(let token, let isCacheable):
            let isMarked = await standing(of: token, as: question) == .covered
            // The question began before the mark, but some of its waiters may have come after it: ask once more.
            if isMarked, !isRepeated {
                return try await keptAnswer(
                    to: question,
                    after: stored,
                    in: flight,
                    asking: authority,
                    isRepeated: true
                )
            }
            if isCacheable, !isMarked, !flight.isDetached {
                await keep(token, as: question, asked: answer.asked)
            }
            return Verification(token: token, source: .authority)
        case .refused:
            if !flight.isDetached { remember(answer.refusal, of: question) }
            withdrawRefused(question, stored)
            if mayBeStored { await dropRefused(question) }
            throw VerificationError(answer.refusal)
        }
    }

    /// An answer that was found in the store.
    func storeHit(_ token: VerifiedToken, for question: Question) -> Verification {
        meter.countHit(.storeHit, for: question.key)
        acceptedKeys.insert(question.key)
        return Verification(token: token, source: .store)
    }

    private func checkRefusals(_ question: Question) throws(VerificationError) {
        guard let refusals,
            let refusal = try? refusals.entry(for: question.key, at: intervalClock.now)
        else { return }
        meter.count(.refusalHit)
        throw VerificationError(refusal.value.reason)
    }

    private func remember(_ reason: VerificationError.Reason, of question: Question) {
        guard let refusals, let timeToLive = options.refusalTimeToLive else { return }
        let now = intervalClock.now
        let entry = CacheEntry(Refusal(reason: reason), expiry: now.advanced(by: timeToLive))
        _ = try? refusals.setEntry(entry, for: question.key, at: now)
    }
}
