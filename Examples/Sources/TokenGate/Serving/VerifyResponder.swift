import Hummingbird
import HummingbirdCore
import TokenVerification
import TokenVerificationHummingbird

/// Answers `/verify`, `/profiles/NAME/verify`, and what lies below them, whatever the method; every other request goes to
/// the routes.
///
/// Proxies ask by the method of the request that they ask about. Envoy appends the path of the request that it asks
/// about, and Caddy and Envoy append its query: neither is ever used. The path is compared as it was sent, undecoded.
struct VerifyResponder: HTTPResponder {
    typealias Context = BasicVerifiedRequestContext

    let state: CurrentState

    @concurrent func respond(
        to request: Request,
        context: BasicVerifiedRequestContext
    ) async throws -> Response {
        let state = state.value
        guard let profile = state.profile(at: request.uri.path) else {
            return try await state.routes.respond(to: request, context: context)
        }
        return try await profile.respond(to: request, context: context)
    }
}

/// Answers the administrative requests of a listener of their own.
struct AdminResponder: HTTPResponder {
    typealias Context = BasicVerifiedRequestContext

    let state: CurrentState

    @concurrent func respond(
        to request: Request,
        context: BasicVerifiedRequestContext
    ) async throws -> Response {
        try await state.value.adminRoutes.respond(to: request, context: context)
    }
}
