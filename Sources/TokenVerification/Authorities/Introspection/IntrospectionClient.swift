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
    private let logger: Logger

    /// - Parameters:
    ///   - endpoint: the endpoint.
    ///   - authorization: the `Authorization` field of every question, if there is one.
    ///   - fields: what every form has besides the token.
    ///   - exchange: what carries the questions.
    ///   - clock: the clock by which an answer is dated.
    ///   - logger: where a refusal of this server's credentials is reported.
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
        self.logger = logger
    }

    func verdict(on token: BearerToken) async throws(VerificationError) -> Verdict {
        let start = clock.now
        let form = FormEncoding.body([("token", token.text)], followedBy: formEnd)
        return try verdict(try await exchange.reply(to: request, body: form), verifiedAt: start)
    }

    private func verdict(
        _ reply: HTTPReply,
        verifiedAt: Timestamp
    ) throws(VerificationError) -> Verdict {
        switch reply.head.status.code {
        case 200: return try IntrospectionAnswer.verdict(reply.claims(), verifiedAt: verifiedAt)
        case 401, 403:
            logger.error(
                "the introspection endpoint refuses this server's credentials",
                metadata: [
                    "status": "\(reply.head.status.code)", "endpoint": "\(endpoint.canonical)",
                ]
            )
            throw VerificationError(.credentialsRefused)
        case 429: throw VerificationError(.rateLimited, retryAfter: reply.retryAfter(at: clock.now))
        default: throw VerificationError(reply.failure, retryAfter: reply.retryAfter(at: clock.now))
        }
    }
}

extension IntrospectionClient: HiddenText {}
