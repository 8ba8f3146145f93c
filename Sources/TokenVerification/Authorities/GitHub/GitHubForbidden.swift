import CacheStores
import HTTPTransports
import HTTPTypes

/// What GitHub means by a 403 or a 429.
///
/// Where the header fields tell of no limit, the message in the body is all that tells these apart. What is not in the
/// table is `rejected`: GitHub does not take the question, and nothing is known against the token.
enum GitHubForbidden {
    /// The token will be refused for as long as its owner changes nothing.
    case refusal
    /// Waiting helps. A limit of the server holds for every token that is sent from here.
    ///
    /// The wait is apart from `Retry-After`; `nil` if it is not known.
    case limit(wait: Duration?, limitsServer: Bool)

    /// How messages begin.
    ///
    /// | message | meaning | source |
    /// | --- | --- | --- |
    /// | not accessible by integration | `GET /user` is for no installation token (`ghs_`) | REST: users |
    /// | not accessible by personal access token | the token lacks the permission | REST: troubleshooting |
    /// | account was suspended | the user is suspended; refused until GitHub lifts that | Support: suspended accounts |
    /// | installation has been suspended | so is the app's installation | REST: apps |
    /// | SAML enforcement | the user has not authorised the token for the organization | REST: authenticating, SAML SSO |
    /// | login attempts | too many bad tokens; good ones are refused for a while, too: a limit of this server | REST: authenticating, failed login limit |
    /// | secondary rate limit, abuse detection | "wait for at least one minute" | REST: rate limits |
    ///
    /// A secondary rate limit counts as one of the token: GitHub reaches it by what one user does, wherever that is. A
    /// token that its owner overuses elsewhere must not keep other tokens out here.
    ///
    /// Left out on purpose: "has an IP allow list enabled". It is about this server's address, which an operator has to
    /// allow, and says nothing about the token; so it is `rejected`, without a `Retry-After`.
    private static let meanings: [(beginning: String, meaning: Self)] = [
        ("Resource not accessible by integration", .refusal),
        ("Resource not accessible by personal access token", .refusal),
        ("Sorry. Your account was suspended", .refusal),
        ("This installation has been suspended", .refusal),
        ("Resource protected by organization SAML enforcement", .refusal),
        ("Maximum number of login attempts exceeded", .limit(wait: .seconds(60), limitsServer: true)),
        ("You have exceeded a secondary rate limit", .limit(wait: .seconds(60), limitsServer: false)),
        ("You have triggered an abuse detection mechanism", .limit(wait: .seconds(60), limitsServer: false)),
    ]

    private static let remainingName = HTTPField.Name(known: "x-ratelimit-remaining")
    private static let resetName = HTTPField.Name(known: "x-ratelimit-reset")

    /// The meaning of a reply; `nil` for one that tells of no limit and is not in the table.
    init?(_ reply: HTTPReply, at now: Timestamp) {
        let fields = reply.head.headerFields
        let meaning = Self.meaning(ofTextIn: reply)
        if case .limit(let wait, limitsServer: true) = meaning {
            self = .limit(wait: wait, limitsServer: true)
        } else if fields[Self.remainingName] == "0" {
            let reset = fields[Self.resetName].flatMap(Double.init).flatMap(Timestamp.init(secondsSince1970:))
            self = .limit(wait: reset.map { RetryAfter.wait(until: $0, at: now) }, limitsServer: false)
        } else if reply.head.status.code == 429 || fields[.retryAfter] != nil {
            self = .limit(wait: nil, limitsServer: false)
        } else if let meaning {
            self = meaning
        } else {
            return nil
        }
    }

    private static func meaning(ofTextIn reply: HTTPReply) -> Self? {
        guard reply.head.status.code == 403, let message = (try? reply.claims())?["message"]?.string else {
            return nil
        }
        return meanings.first { message.utf8.starts(with: $0.beginning.utf8) }?.meaning
    }
}
