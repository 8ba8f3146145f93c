import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import TokenVerification
import TokenVerificationHummingbird

/// Answers the questions of proxies by the requirements of one profile.
struct ProfileResponder: Sendable {
    /// `nil` for `/verify` itself.
    let name: String?
    let middleware: BearerTokenMiddleware<BasicVerifiedRequestContext>
    let places: TokenPlaces
    let identity: IdentityLayout
    let counts: AnswerCounts
    /// Where each request is logged; `nil` for nowhere.
    let accessLog: Logger?

    func respond(to request: Request, context: BasicVerifiedRequestContext) async throws -> Response {
        var request = request
        if !places.isEmpty {
            var head = request.head
            places.rewrite(&head.headerFields)
            request = Request(head: head, body: request.body)
        }
        let start = accessLog.map { _ in ContinuousClock.now }
        do {
            return try await middleware.handle(request, context: context) { request, context in
                note(.accepted, context.verification?.source, request, since: start)
                guard let verification = context.verification else {
                    return Response(status: .internalServerError)
                }
                return Response(status: .ok, headers: identity.headerFields(for: verification))
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
                "source": "\(source.map(AnswerCounts.word) ?? "none")", "profile": "\(name ?? "none")",
                "microseconds": "\(Int(start.duration(to: .now) / .microseconds(1)))",
            ]
        )
    }
}
