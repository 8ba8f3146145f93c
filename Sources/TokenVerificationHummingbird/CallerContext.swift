#if Hummingbird
public import HTTPTypes
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
    /// The context of the application, with all that it has besides.
    public let parent: ParentContext
    /// The caller's token, and where the answer about it came from.
    public let verification: Verification

    /// The caller's verified token.
    public var caller: VerifiedToken { verification.token }

    public var maxUploadSize: Int { parent.maxUploadSize }
    public var requestDecoder: ParentContext.Decoder { parent.requestDecoder }
    public var responseEncoder: ParentContext.Encoder { parent.responseEncoder }

    /// Takes over what the middleware found.
    ///
    /// - Parameter parent: the context of a request.
    /// - Throws: `VerificationError` with the reason `noCredentials` if no middleware verified the request.
    public init(context parent: ParentContext) throws {
        guard let verification = parent.verification else { throw VerificationError(.noCredentials) }
        coreContext = parent.coreContext
        self.parent = parent
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
    ///   - format: which characters and what length a token may have.
    ///   - originalTargets: fields in which a proxy names the target of the request that it asks about.
    /// - Returns: the group; its handlers find the caller in ``CallerContext/caller``.
    public func group(
        _ path: RouterPath = "",
        verifiedBy verifier: any TokenVerifier,
        realm: String? = nil,
        resourceMetadata: String? = nil,
        format: BearerTokenFormat = .rfc6750,
        originalTargets: [HTTPField.Name] = []
    ) -> RouterGroup<CallerContext<Context>> {
        group(path)
            .add(
                middleware: BearerTokenMiddleware(
                    verifier: verifier,
                    realm: realm,
                    resourceMetadata: resourceMetadata,
                    format: format,
                    originalTargets: originalTargets
                )
            )
            .group(context: CallerContext<Context>.self)
    }
}
#else
#error("the product TokenVerificationHummingbird needs the package trait \"Hummingbird\"")
#endif
