/// Why a request has no verified token: the one error of a request, from its `Authorization` field to the authority.
///
/// ```swift
/// do {
///     let token = try BearerToken(authorization: request.headers[values: .authorization])
///     let caller = try await verifier.verify(token)
///     print(caller.subject ?? "no subject")
/// } catch {
///     let challenge = BearerChallenge(error)
///     return Response(status: challenge.status, headers: challenge.headerFields)
/// }
/// ```
///
/// ``reason``, ``code``, ``retryAfter`` and ``requiredScopes`` may be told to a client: they hold nothing that only the
/// authority or the token knows. ``detail`` is for the operator's log.
public struct VerificationError: Error {
    /// Why; decides the ``code``.
    public let reason: Reason

    /// How long to wait before asking again, if that is known.
    public internal(set) var retryAfter: Duration?

    /// The scopes that the request needs, if one of them is missing: all of them, as a challenge names them.
    public let requiredScopes: Set<String>

    /// What exactly was wrong with the credentials, the authority's answer or the way to it, if that is known.
    ///
    /// It takes no part in equality, nor in ``description``.
    public let detail: Detail?

    /// Whether a rate limit is this server's, although the authority otherwise limits each token.
    ///
    /// See ``TokenAuthority/limitsEachToken``. It takes no part in equality.
    public let limitsServer: Bool

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - reason: why there is no verified token.
    ///   - requiredScopes: with `missingScope`, the scopes that the request needs.
    ///   - retryAfter: how long to wait before asking again, if that is known.
    ///   - detail: what exactly was wrong, for the operator's log.
    ///   - limitsServer: whether a rate limit is this server's, whatever the token. Only an authority that limits
    ///     each token has to say so.
    public init(
        _ reason: Reason,
        requiring requiredScopes: Set<String> = [],
        retryAfter: Duration? = nil,
        detail: Detail? = nil,
        limitsServer: Bool = false
    ) {
        self.reason = reason
        self.requiredScopes = requiredScopes
        self.retryAfter = retryAfter
        self.detail = detail
        self.limitsServer = limitsServer
    }

    /// What a server does about it.
    public var code: Code { reason.code }
}

extension VerificationError: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.reason == right.reason && left.retryAfter == right.retryAfter
            && left.requiredScopes == right.requiredScopes
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(reason)
        hasher.combine(retryAfter)
        hasher.combine(requiredScopes)
    }
}

extension VerificationError: CustomStringConvertible {
    public var description: String { "\(code): \(reason)" }
}
