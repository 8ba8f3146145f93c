import CacheStores
import Synchronization

extension TokenCache {
    /// Revokes a signed token, in every process that shares the store, until it expires.
    ///
    /// The token is verified first. Then a mark is left in the store, on what the signature is about: a second spelling
    /// of the signature is revoked as well. This process refuses the token at once (``VerificationError/Reason/revoked``),
    /// the others within a second, or as soon as the store tells them.
    ///
    /// An opaque token is not revoked here, since its authority decides: revoke it there, then call ``forget(_:)``.
    ///
    /// - Parameter token: the token.
    /// - Throws: ``ConfigurationError`` if ``TokenCacheOptions/Revocation/isOn`` is off, or no verifier of signed
    ///   tokens uses this cache; ``VerificationError``: `notSigned` for an opaque token, the reason why a token does not
    ///   verify, `unreadable` for one without an expiry, an error of code `unavailable` if that can't be told or the
    ///   store did not confirm the mark. Without that confirmation only this process refuses the token.
    public func revoke(_ token: BearerToken) async throws {
        let signed = try knownAuthorities(for: "revoke(_:)").compactMap(\.signingRule)
        guard !signed.isEmpty else {
            throw ConfigurationError(
                "revoke(_:) needs a verifier of signed tokens that uses this cache; an opaque token is forgotten: forget(_:)"
            )
        }
        let (rule, verified, part) = try await verified(token, by: signed)
        guard let expiry = verified.expiry else {
            throw VerificationError(.unreadable, detail: .member("exp"))
        }
        let end = expiry.advanced(by: RevocationMarks.clockMargin)
        try await mark(.token(part), in: [rule.scope], at: clock.now, until: end)
    }

    /// Ends all tokens of a subject, at all authorities of this cache's verifiers and in every process: "log this user
    /// out everywhere".
    ///
    /// No answer is searched for: the store keeps a mark. The mark takes effect in this process at once, in others within
    /// a second, or as soon as the store tells them: within three seconds if the connection that tells has died.
    ///
    /// - The answer about an opaque token counts as absent if its question began no later than the mark, or not more
    ///   than ``TokenCacheOptions/Revocation/clockTolerance`` after it: the authority is asked.
    /// - A signed token is refused if its `iat` is not later than the mark, in whole seconds. No clock is tolerated
    ///   there: an issuer whose clock is ahead by *d* has issued tokens that outlive the mark if they were issued up to
    ///   *d* before it. Mark once more, *d* later, to end these.
    ///
    /// - Parameter subject: the subject, as the authority names it (``VerifiedToken/subject``).
    /// - Throws: ``ConfigurationError`` if ``TokenCacheOptions/Revocation/isOn`` is off, or no verifier uses this
    ///   cache; ``VerificationError`` of code `unavailable` if the store did not confirm, and then this process applies
    ///   the mark all the same.
    public func forgetAll(ofSubject subject: String) async throws {
        try await markAll(of: .subject(subject), for: "forgetAll(ofSubject:)")
    }

    /// Ends all tokens of a client, at all authorities of this cache's verifiers and in every process.
    ///
    /// The same rules hold as for ``forgetAll(ofSubject:)``.
    ///
    /// - Parameter clientID: the client, as the authority names it (``VerifiedToken/clientID``).
    /// - Throws: as ``forgetAll(ofSubject:)``.
    public func forgetAll(ofClient clientID: String) async throws {
        try await markAll(of: .client(clientID), for: "forgetAll(ofClient:)")
    }

    /// Ends all tokens of a session at the authority, in every process.
    ///
    /// The same rules hold as for ``forgetAll(ofSubject:)``.
    ///
    /// - Parameter session: the session, as the claim `sid` names it (OpenID Connect Back-Channel Logout §2.1).
    /// - Throws: as ``forgetAll(ofSubject:)``.
    public func forgetAll(ofSession session: String) async throws {
        try await markAll(of: .session(session), for: "forgetAll(ofSession:)")
    }

    private func markAll(of target: MarkKeys.Target, for operation: String) async throws {
        let known = try knownAuthorities(for: operation)
        let moment = clock.now
        let end = RevocationMarks.end(
            of: moment,
            life: answers.rules.longestLife,
            deadline: known.map(\.deadline).max() ?? .zero,
            longestLife: known.map(\.longestLife).max() ?? .zero
        )
        try await mark(target, in: Set(known.map(\.markScope)), at: moment, until: end)
    }

    private func mark(
        _ target: MarkKeys.Target,
        in scopes: Set<QuestionContext>,
        at moment: Timestamp,
        until end: Timestamp
    ) async throws(VerificationError) {
        guard let marks = answers.marks else { return }
        let marked = marks.mark(target, in: scopes, at: moment, until: end)
        // A flight may have looked before the mark was there: no later caller joins it. All flights are closed, since
        // what a flight's token says is not known yet.
        flights.closeFlights()
        guard await marks.confirm(marked, at: moment, until: end, answers.access) else {
            throw VerificationError(.unconfirmed)
        }
    }

    /// The authorities of this cache's verifiers.
    ///
    /// - Throws: ``ConfigurationError`` if marks are not used, or there is no authority.
    private func knownAuthorities(for operation: String) throws(ConfigurationError) -> [KnownAuthority] {
        guard answers.marks != nil else {
            throw ConfigurationError("\(operation) needs revocation.isOn = true, in every process")
        }
        let known = authorities.withLock { Array($0.values) }
        guard !known.isEmpty else {
            throw ConfigurationError(
                "\(operation) needs a verifier that uses this cache: without one, no authority is known"
            )
        }
        return known
    }

    /// The rule of the first authority that accepts a token by its signature, what the token says, and what its
    /// signature is about.
    private func verified(
        _ token: BearerToken,
        by rules: [MarkRule]
    ) async throws(VerificationError) -> (MarkRule, VerifiedToken, [UInt8]) {
        var failure = VerificationError(.notSigned)
        for rule in rules {
            guard let authority = rule.signed else { continue }
            do throws(VerificationError) {
                let verified = try await authority.signedToken(token, clock: clock)
                return (rule, verified, authority.signedPart(of: token))
            } catch {
                if Self.weight(of: error) > Self.weight(of: failure) { failure = error }
            }
        }
        throw failure
    }

    /// Which of several authorities' errors tells most.
    private static func weight(of error: VerificationError) -> Int {
        switch error.reason {
        case .notSigned: 0
        case .wrongIssuer: 1
        default: error.code == .invalidToken ? 2 : 3
        }
    }
}
