import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import TokenVerification
import TokenVerificationHummingbird

/// `POST /forget`: makes every process that shares the store forget a token.
///
/// | answer | meaning |
/// | --- | --- |
/// | 204 | forgotten, and the store confirmed it |
/// | 400 | no form field `token`, or what it holds is no token |
/// | 401 | the admin secret was not presented |
/// | 413, 415 | the form is larger than 64 KiB, or is none |
/// | 503 | the store did not confirm; ask again |
struct ForgetHandler: Sendable {
    private struct Form: Decodable {
        let token: String
    }

    let cache: TokenCache
    let secret: AdminSecret

    func respond(to request: Request, context: BasicVerifiedRequestContext) async throws -> Response {
        try authenticate(request)
        let token = try await token(in: request)
        do {
            try await cache.forget(token)
        } catch {
            context.logger.error("the store did not confirm that a token is forgotten")
            throw BearerChallenge(error, requiring: .none)
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
            throw Self.challenge(BearerChallenge(VerificationError(.refused), requiring: .none))
        }
    }

    private static func challenge(_ challenge: BearerChallenge) -> BearerChallenge {
        var challenge = challenge
        challenge.realm = "token-gate administration"
        return challenge
    }

    private func token(in request: Request) async throws -> BearerToken {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard type?.filter({ $0 != " " }) == "application/x-www-form-urlencoded" else {
            throw HTTPError(
                .unsupportedMediaType,
                message: "a form is needed: application/x-www-form-urlencoded"
            )
        }
        let body = String(buffer: try await request.body.collect(upTo: 65_536))
        // Neither error may be shown: both can hold the token.
        guard let form = try? URLEncodedFormDecoder().decode(Form.self, from: body) else {
            throw HTTPError(.badRequest, message: "the form has no field token, or more than one")
        }
        guard let token = try? BearerToken(form.token) else {
            throw HTTPError(.badRequest, message: "the form field token holds no bearer token")
        }
        return token
    }
}
