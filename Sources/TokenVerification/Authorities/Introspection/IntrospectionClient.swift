import CacheStores
import HTTPTransports
import HTTPTypes

/// Puts questions to an introspection endpoint.
///
/// A class, so that a question on its way refers to it with one word and copies nothing of it.
final class IntrospectionClient: Sendable {
    let exchange: AuthorityExchange

    private let endpoint: HTTPEndpoint
    /// The head of every question.
    private let request: HTTPRequest
    /// What follows the token in the form.
    private let formEnd: [UInt8]
    private let scopeClaim: String

    /// - Parameters:
    ///   - endpoint: the endpoint.
    ///   - headerFields: what every question has besides what is sent.
    ///   - fields: what every form has besides the token.
    ///   - scopeClaim: the member of an answer that holds the scopes.
    ///   - exchange: what carries the questions.
    init(
        _ endpoint: HTTPEndpoint,
        headerFields: HTTPFields,
        fields: [(name: String, value: String)],
        scopeClaim: String,
        exchange: AuthorityExchange
    ) {
        self.endpoint = endpoint
        var headerFields = headerFields
        headerFields[.accept] = "application/json"
        headerFields[.contentType] = "application/x-www-form-urlencoded"
        request = endpoint.request(.post, headerFields: headerFields)
        formEnd = FormEncoding.body(fields)
        self.scopeClaim = scopeClaim
        self.exchange = exchange
    }

    func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        let start = clock.now
        let form = FormEncoding.body([("token", token.exposedText)], followedBy: formEnd)
        return try verdict(try await exchange.reply(to: request, body: form), verifiedAt: start, clock)
    }

    private func verdict(
        _ reply: HTTPReply,
        verifiedAt: Timestamp,
        _ clock: WallClock
    ) throws(VerificationError) -> Verdict {
        // Some servers say so of an unknown token with 401 or 403 (django-oauth-toolkit, Hydra).
        if reply.head.status.code != 200, (try? reply.claims())?["active"] == .boolean(false) {
            return .refused
        }
        switch reply.head.status.code {
        case 200:
            let claims = try reply.claims()
            return try IntrospectionAnswer.verdict(claims, verifiedAt: verifiedAt, scopeClaim: scopeClaim)
        case 401, 403:
            let detail = VerificationError.Detail.status(reply.head.status.code, from: endpoint)
            throw VerificationError(.credentialsRefused, detail: detail)
        default: throw reply.failure(at: clock.now)
        }
    }
}

extension IntrospectionClient: HiddenText {}
