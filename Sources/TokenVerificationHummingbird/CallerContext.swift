#if Hummingbird
public import Hummingbird
public import TokenVerification

/// The context of routes behind a ``BearerTokenMiddleware``: here every request has a caller.
///
/// ```swift
/// let router = Router(context: BasicVerifiedRequestContext.self)
/// let members = router.group("members", verifiedBy: verifier)
/// members.get("me") { _, context in context.caller.subject ?? "unknown" }
/// ```
public struct CallerContext<ParentContext: VerifiedRequestContext>: ChildRequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The caller's token, and where the answer about it came from.
    public let verification: Verification

    /// The caller's verified token.
    public var caller: VerifiedToken { verification.token }

    /// Takes over what the middleware found.
    ///
    /// - Parameter parent: the context of a request.
    /// - Throws: `VerificationError` with the reason `noCredentials` if no middleware verified the request.
    public init(context parent: ParentContext) throws {
        guard let verification = parent.verification else { throw VerificationError(.noCredentials) }
        coreContext = parent.coreContext
        self.verification = verification
    }
}

extension RouterMethods where Context: VerifiedRequestContext {
    /// A group of routes for requests whose bearer token is verified; see ``BearerTokenMiddleware``.
    ///
    /// - Parameters:
    ///   - path: the path of the group.
    ///   - verifier: what decides about tokens.
    ///   - realm: what the credentials are for, as clients are told; `nil` for `api`.
    ///   - resourceMetadata: where the resource describes itself (RFC 9728), as clients are told.
    /// - Returns: the group; its handlers find the caller in ``CallerContext/caller``.
    public func group(
        _ path: RouterPath = "",
        verifiedBy verifier: any TokenVerifier,
        realm: String? = nil,
        resourceMetadata: String? = nil
    ) -> RouterGroup<CallerContext<Context>> {
        group(path)
            .add(
                middleware: BearerTokenMiddleware(
                    verifier: verifier,
                    realm: realm,
                    resourceMetadata: resourceMetadata
                )
            )
            .group(context: CallerContext<Context>.self)
    }
}
#else
#error("the product TokenVerificationHummingbird needs the package trait \"Hummingbird\"")
#endif
