import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import TokenVerification
import TokenVerificationHummingbird

/// Answers `/verify`, and what lies below it, whatever the method; every other request goes to the routes.
///
/// Proxies ask by the method of the request that they ask about. Envoy appends the path of the request that it asks about, and Caddy and Envoy append its query: neither is ever used.
struct VerifyResponder<Routes: HTTPResponder>: HTTPResponder
where Routes.Context == BasicVerifiedRequestContext {
    let middleware: BearerTokenMiddleware<BasicVerifiedRequestContext>
    let counts: AnswerCounts
    /// Where each request is logged; `nil` for nowhere.
    let accessLog: Logger?
    let routes: Routes

    private static var path: String { "/verify" }

    @concurrent func respond(
        to request: Request,
        context: BasicVerifiedRequestContext
    ) async throws -> Response {
        let path = request.uri.path
        guard path == Self.path || path.hasPrefix(Self.path + "/") else {
            return try await routes.respond(to: request, context: context)
        }
        let start = accessLog.map { _ in ContinuousClock.now }
        do {
            return try await middleware.handle(request, context: context) { request, context in
                note(.accepted, context.verification?.source, request, since: start)
                return context.identityResponse
            }
        } catch let challenge as BearerChallenge {
            note(AnswerCounts.Outcome(challenge), nil, request, since: start)
            return challenge.response(from: request, context: context)
        }
    }

    private func note(
        _ outcome: AnswerCounts.Outcome,
        _ source: Verification.Source?,
        _ request: Request,
        since start: ContinuousClock.Instant?
    ) {
        counts.note(outcome, from: source)
        guard let accessLog, let start else { return }
        // No path and no query: either may hold a secret of the request that is asked about.
        accessLog.info(
            "verify",
            metadata: [
                "method": "\(request.method)", "outcome": "\(outcome.rawValue)",
                "source": "\(source.map(AnswerCounts.word) ?? "none")",
                "microseconds": "\(Int(start.duration(to: .now) / .microseconds(1)))",
            ]
        )
    }
}
