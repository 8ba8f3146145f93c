import HTTPTypes
import Hummingbird
import TokenVerification
import TokenVerificationHummingbird

/// Answers in a challenge's place.
struct TeapotMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BasicVerifiedRequestContext,
        next: @concurrent (Request, BasicVerifiedRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let challenge as BearerChallenge {
            let body = ResponseBody(byteBuffer: ByteBuffer(string: challenge.realm))
            return Response(status: HTTPResponse.Status(code: 418), body: body)
        }
    }
}
