import CacheStores
import HTTPTransports
import HTTPTypes
import Logging

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
    private let clock: WallClock
    private let refusalLine: RareLine

    /// - Parameters:
    ///   - endpoint: the endpoint.
    ///   - authorization: the `Authorization` field of every question, if there is one.
    ///   - fields: what every form has besides the token.
    ///   - exchange: what carries the questions.
    ///   - clock: the clock by which an answer is dated.
    ///   - logger: where a refusal of this server's credentials is reported, once a minute at most.
    init(
        _ endpoint: HTTPEndpoint,
        authorization: String?,
        fields: [(name: String, value: String)],
        exchange: AuthorityExchange,
        clock: WallClock,
        logger: Logger
    ) {
        self.endpoint = endpoint
        var headerFields: HTTPFields = [
            .accept: "application/json", .contentType: "application/x-www-form-urlencoded",
        ]
        headerFields[.authorization] = authorization
        request = endpoint.request(.post, headerFields: headerFields)
        formEnd = FormEncoding.body(fields)
        self.exchange = exchange
        self.clock = clock
        refusalLine = RareLine(
            .error,
            "the introspection endpoint refuses this server's credentials",
            to: logger,
            clock: clock
        )
    }

    func verdict(on token: BearerToken) async throws(VerificationError) -> Verdict {
        let start = clock.now
        let form = FormEncoding.body([("token", token.exposedText)], followedBy: formEnd)
        return try verdict(try await exchange.reply(to: request, body: form), verifiedAt: start)
    }

    private func verdict(
        _ reply: HTTPReply,
        verifiedAt: Timestamp
    ) throws(VerificationError) -> Verdict {
        // Some servers say so of an unknown token with 401 or 403 (django-oauth-toolkit, Hydra).
        if reply.head.status.code != 200, (try? reply.claims())?["active"] == .boolean(false) {
            return .refused
        }
        switch reply.head.status.code {
        case 200: return try IntrospectionAnswer.verdict(reply.claims(), verifiedAt: verifiedAt)
        case 401, 403:
            refusalLine.write([
                "status": "\(reply.head.status.code)", "endpoint": "\(endpoint.canonicalWithoutQuery)",
            ])
            throw VerificationError(.credentialsRefused, detail: .status(reply.head.status.code))
        default: throw reply.failure(at: clock.now)
        }
    }
}

extension HTTPEndpoint {
    /// The URL without its query, where some servers want a key.
    var canonicalWithoutQuery: String { String(canonical.prefix { $0 != "?" }) }
}

extension IntrospectionClient: HiddenText {}
