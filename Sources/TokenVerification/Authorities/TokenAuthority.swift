public import CacheStores

/// Knows what a token means: an introspection endpoint, GitHub, or a service of your own.
///
/// An authority asks one upstream question per call. It caches nothing and applies no policy: what a server
/// requires of a token is checked elsewhere, on every use.
public protocol TokenAuthority: Sendable {
    /// What distinguishes this authority's answers from those of any other; bound into every cache key.
    var identity: AuthorityIdentity { get }

    /// The longest time that one question takes, at most 60 s. The cache gives a question up after it.
    var deadline: Duration { get }

    /// Whether its answers can name a token's audience and its issuer. Where they can't, requiring either is an
    /// error at construction.
    var namesAudienceAndIssuer: Bool { get }

    /// Whether the limits that it enforces are about the token in question, as GitHub's are, and not about this
    /// server. Then `rateLimited` says nothing about questions on other tokens, unless the error says that it
    /// limits the server (``VerificationError/limitsServer``).
    var limitsEachToken: Bool { get }

    /// Whether it may refuse a token later that it accepted, before the token expires, or say something new of it.
    ///
    /// Only such answers are refreshed (``TokenCacheOptions/Refresh``): a signature verifies again.
    var answersCanChange: Bool { get }

    /// Asks what a token means.
    ///
    /// - Parameters:
    ///   - token: the token in question.
    ///   - clock: the clock by which an answer is dated, and its token expires: the cache's.
    /// - Returns: the authority's answer.
    /// - Throws: ``VerificationError`` when there is no answer: `unavailable`, `misconfigured` or `cancelled`.
    ///   An answer of "no" is ``Verdict/refused``. An error of code `invalidToken` is a refusal too: one that took no
    ///   question upstream, such as that of a wrong signature. Its reason tells why.
    func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict

    /// Whether kept answers have to be checked by ``checkKept(_:)`` on each use.
    var checksKeptAnswers: Bool { get }

    /// Checks that an answer that was kept still holds, such as one whose signing key may have been withdrawn.
    ///
    /// - Parameter answer: an earlier answer of this authority.
    /// - Throws: ``VerificationError`` of code `invalidToken` if it no longer holds, `unavailable` if that can't be told.
    func checkKept(_ answer: VerifiedToken) async throws(VerificationError)
}

extension TokenAuthority {
    public var deadline: Duration { .seconds(10) }

    public var namesAudienceAndIssuer: Bool { true }

    public var limitsEachToken: Bool { false }

    public var answersCanChange: Bool { true }

    public var checksKeptAnswers: Bool { false }

    public func checkKept(_ answer: VerifiedToken) async throws(VerificationError) {}
}
