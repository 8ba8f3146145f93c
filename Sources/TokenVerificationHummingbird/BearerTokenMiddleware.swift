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
/// ```swift
/// let router = Router(context: BasicVerifiedRequestContext.self)
/// router.add(middleware: BearerTokenMiddleware(verifier: verifier))
/// router.get("me") { _, context in context.verification?.token.subject ?? "nobody" }
/// ```
public struct BearerTokenMiddleware<Context: VerifiedRequestContext>: RouterMiddleware {
    private let verifier: any TokenVerifier
    private let realm: String?
    private let resourceMetadata: String?
    private let format: BearerTokenFormat

    /// Makes the middleware.
    ///
    /// - Parameters:
    ///   - verifier: who decides about tokens.
    ///   - realm: what the credentials are for, as clients are told; `nil` for `api`.
    ///   - resourceMetadata: where the resource describes itself (RFC 9728), as clients are told.
    ///   - format: which characters and what length a token may have.
    public init(
        verifier: any TokenVerifier,
        realm: String? = nil,
        resourceMetadata: String? = nil,
        format: BearerTokenFormat = .rfc6750
    ) {
        self.verifier = verifier
        self.realm = realm
        self.resourceMetadata = resourceMetadata
        self.format = format
    }

    public func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.verification = try await verification(of: request, context: context)
        return try await next(request, context)
    }

    private func verification(of request: Request, context: Context) async throws -> Verification {
        guard !request.queryNames("access_token") else { throw worded(.tokenInQuery) }
        do {
            let token = try BearerToken(
                authorization: request.headers[values: .authorization],
                format: format
            )
            return try await verifier.verification(of: token)
        } catch let error as BearerTokenError {
            throw worded(BearerChallenge(error))
        } catch let error as VerificationError {
            guard error.code != .cancelled else { throw CancellationError() }
            context.logger.debug("token not verified", metadata: ["reason": "\(error.reason.rawValue)"])
            throw worded(BearerChallenge(error, requiring: verifier.requirements))
        }
    }

    private func worded(_ challenge: BearerChallenge) -> BearerChallenge {
        var challenge = challenge
        if let realm { challenge.realm = realm }
        challenge.resourceMetadata = resourceMetadata
        return challenge
    }
}
#endif
