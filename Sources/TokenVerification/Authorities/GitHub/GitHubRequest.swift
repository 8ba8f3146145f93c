import CacheStores
import HTTPTransports
import HTTPTypes

/// What all questions to GitHub have in common.
enum GitHubRequest {
    static let tokenExpiration = HTTPField.Name(known: "github-authentication-token-expiration")
    private static let scopesName = HTTPField.Name(known: "x-oauth-scopes")
    private static let versionName = HTTPField.Name(known: "x-github-api-version")
    private static let remainingName = HTTPField.Name(known: "x-ratelimit-remaining")
    private static let resetName = HTTPField.Name(known: "x-ratelimit-reset")

    static func endpoint(_ url: String, path: String) throws(ConfigurationError) -> HTTPEndpoint {
        let base = try HTTPEndpoint(configured: url, as: "GitHub interface")
        guard let endpoint = try? base.appending(path: path) else {
            throw ConfigurationError("the GitHub interface's address must have no query")
        }
        return endpoint
    }

    static func headerFields(authorization: String) -> HTTPFields {
        [
            .authorization: authorization, .accept: "application/vnd.github+json",
            .userAgent: "swift-token-verification", versionName: "2022-11-28",
        ]
    }

    /// The scopes of a classic token; none are known where the field is absent.
    static func scopes(_ reply: HTTPReply) -> ScopeList? {
        let fields = reply.head.headerFields[values: scopesName]
        guard !fields.isEmpty else { return nil }
        let words = fields.flatMap { $0.split(separator: ",") }
        return ScopeList(words.map { $0.filter { $0 != " " && $0 != "\t" } }.filter { !$0.isEmpty })
    }

    /// Why there is no answer: never a refusal, since 403 and 429 tell of limits and outages.
    static func error(_ reply: HTTPReply, at now: Timestamp) -> VerificationError {
        let fields = reply.head.headerFields
        let isExhausted = fields[remainingName] == "0"
        var wait = reply.retryAfter(at: now)
        if wait == nil, isExhausted, let reset = fields[resetName].flatMap(Double.init) {
            wait = Timestamp(secondsSince1970: reset).map { RetryAfter.wait(until: $0, at: now) }
        }
        let code = reply.head.status.code
        let isLimit = code == 429 || code == 403 && (isExhausted || fields[.retryAfter] != nil)
        return VerificationError(isLimit ? .rateLimited : reply.failure, retryAfter: wait)
    }
}

extension HTTPField.Name {
    /// A name that is known to be well formed.
    fileprivate init(known name: String) {
        guard let parsed = Self(name) else { preconditionFailure("\(name) is no name of a field") }
        self = parsed
    }
}
