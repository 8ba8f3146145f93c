import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import TokenVerification
import TokenVerificationHummingbird

/// `POST /forget` and `POST /revoke`: makes every process that shares the store forget a token, or all tokens of a
/// subject, a client or a session.
///
/// A token that is forgotten is asked about anew; a signed token that is revoked is refused until it expires.
///
/// | answer | meaning |
/// | --- | --- |
/// | 204 | forgotten, and the store confirmed it |
/// | 400 | not exactly one form field `token`, `subject`, `client_id` or `session`; or one that this gate can't serve |
/// | 401 | the admin secret was not presented |
/// | 413, 415 | the form is larger than 64 KiB, or is none |
/// | 503 | the store did not confirm; ask again |
struct ForgetHandler: Sendable {
    let cache: TokenCache
    let secret: AdminSecret

    /// - Parameters:
    ///   - request: the request.
    ///   - context: its context.
    ///   - isRevocation: whether a token is revoked, not only forgotten.
    /// - Returns: 204.
    /// - Throws: what is answered otherwise.
    func respond(
        to request: Request,
        context: BasicVerifiedRequestContext,
        isRevocation: Bool
    ) async throws -> Response {
        try authenticate(request)
        let form = try await form(in: request)
        do {
            switch form {
            case .token(let token) where isRevocation: try await cache.revoke(token)
            case .token(let token): try await cache.forget(token)
            case .subject(let subject): try await cache.forgetAll(ofSubject: subject)
            case .client(let client): try await cache.forgetAll(ofClient: client)
            case .session(let session): try await cache.forgetAll(ofSession: session)
            }
        } catch let error as VerificationError where error.code == .invalidToken {
            throw HTTPError(.badRequest, message: "the token is no signed token that verifies here")
        } catch let error as VerificationError {
            context.logger.error("nothing is confirmed as forgotten", metadata: ["reason": "\(error.reason)"])
            throw BearerChallenge(error)
        } catch is ConfigurationError {
            throw HTTPError(
                .badRequest,
                message:
                    "this gate forgets tokens only: that needs revocation-marks, and to revoke a token a jwt-issuer"
            )
        }
        return Response(status: .noContent)
    }

    private func authenticate(_ request: Request) throws {
        let fields = request.headers[values: .authorization]
        do {
            _ = try BearerToken(authorization: fields)
        } catch {
            throw Self.challenge(BearerChallenge(error))
        }
        guard secret.isPresented(in: fields[0]) else {
            throw Self.challenge(BearerChallenge(VerificationError(.refused)))
        }
    }

    private static func challenge(_ challenge: BearerChallenge) -> BearerChallenge {
        var challenge = challenge
        challenge.realm = "token-gate administration"
        return challenge
    }

    private func form(in request: Request) async throws -> ForgetForm {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard type?.filter({ $0 != " " }) == "application/x-www-form-urlencoded" else {
            throw HTTPError(
                .unsupportedMediaType,
                message: "a form is needed: application/x-www-form-urlencoded"
            )
        }
        return try ForgetForm(String(buffer: try await request.body.collect(upTo: 65_536)))
    }
}
