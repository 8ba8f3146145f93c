import CacheStores
import HTTPTransports
import HTTPTypes

/// What all questions to GitHub have in common.
enum GitHubRequest {
    static let tokenExpiration = HTTPField.Name(known: "github-authentication-token-expiration")
    private static let scopesName = HTTPField.Name(known: "x-oauth-scopes")
    private static let versionName = HTTPField.Name(known: "x-github-api-version")

    static func endpoint(
        _ url: String,
        path: String,
        allowsPlainHTTP: Bool
    ) throws(ConfigurationError) -> HTTPEndpoint {
        let base = try HTTPEndpoint(
            configured: url,
            as: "the GitHub interface's address is wrong",
            allowsPlainHTTP: allowsPlainHTTP
        )
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

    /// Why there is no answer, if the reply is no refusal: 403 and 429 also tell of limits.
    static func error(_ reply: HTTPReply, at now: Timestamp) -> VerificationError {
        let failure = reply.failure(at: now)
        guard reply.head.status.code == 403 || failure.reason == .rateLimited else { return failure }
        guard case .limit(let wait, let limitsServer) = GitHubForbidden(reply, at: now) else {
            return failure
        }
        return VerificationError(
            .rateLimited,
            retryAfter: failure.retryAfter ?? wait,
            detail: failure.detail,
            limitsServer: limitsServer
        )
    }
}

extension HTTPField.Name {
    /// A name that is known to be well formed.
    init(known name: String) {
        guard let parsed = Self(name) else { preconditionFailure("\(name) is no name of a field") }
        self = parsed
    }
}
