#if Hummingbird
import HTTPTypes
public import Hummingbird
import Logging
public import TokenVerification

/// Lets only requests pass whose bearer token is verified, and answers the others by RFC 6750.
///
/// A request that passes has its ``VerifiedRequestContext/verification`` set. Any other is answered with a
/// `BearerChallenge`, which is thrown, so that a middleware further out can see or change it; Hummingbird's router
/// turns it into the response. A token is read from the `Authorization` header and from nowhere else.
///
/// A `VerificationError` that a handler throws becomes a challenge too, in the same words.
///
/// ```swift
/// let router = Router(context: BasicVerifiedRequestContext.self)
/// router.add(middleware: BearerTokenMiddleware(verifier: verifier))
/// router.get("me") { _, context in context.verification?.token.subject ?? "unknown" }
/// ```
public struct BearerTokenMiddleware<Context: VerifiedRequestContext>: RouterMiddleware {
    private let verifier: any TokenVerifier
    private let realm: String?
    private let resourceMetadata: String?
    private let format: BearerTokenFormat
    private let originalTargets: [HTTPField.Name]

    /// Makes the middleware.
    ///
    /// - Parameters:
    ///   - verifier: what decides about tokens.
    ///   - realm: what the credentials are for, as clients are told; `nil` for `api`.
    ///   - resourceMetadata: where the resource describes itself (RFC 9728), as clients are told.
    ///   - format: which characters and what length a token may have.
    ///   - originalTargets: fields in which a proxy names the target of the request that it asks about, such as
    ///     `X-Forwarded-Uri`. A token in the query of such a target is refused like one in the request's own query; nothing
    ///     else is read of them.
    public init(
        verifier: any TokenVerifier,
        realm: String? = nil,
        resourceMetadata: String? = nil,
        format: BearerTokenFormat = .rfc6750,
        originalTargets: [HTTPField.Name] = []
    ) {
        self.verifier = verifier
        self.realm = realm
        self.resourceMetadata = resourceMetadata
        self.format = format
        self.originalTargets = originalTargets
    }

    public func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            var context = context
            context.verification = try await verification(of: request)
            return try await next(request, context)
        } catch let error as VerificationError {
            guard error.code != .cancelled else { throw CancellationError() }
            context.logger.debug("request refused", metadata: ["reason": "\(error.reason)"])
            throw challenge(error)
        }
    }

    private func verification(of request: Request) async throws(VerificationError) -> Verification {
        guard !request.queryNames("access_token", originalTargets) else {
            throw VerificationError(.tokenInQuery)
        }
        let token = try BearerToken(authorization: request.headers[values: .authorization], format: format)
        return try await verifier.verification(of: token)
    }

    private func challenge(_ error: VerificationError) -> BearerChallenge {
        var challenge = BearerChallenge(error)
        if let realm { challenge.realm = realm }
        challenge.resourceMetadata = resourceMetadata
        return challenge
    }
}
#endif
