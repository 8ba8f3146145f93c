public import CacheStores
public import HTTPTransports
import HTTPTypes

/// GitHub's interface, asked for a token's user: this authenticates *some GitHub user*, not a user of your app.
///
/// Any token of any application passes, so another application can present its users' tokens here.
/// Where that matters, use ``GitHubApplication``. GitHub names neither audience nor issuer; requiring one is an
/// error when the verifier is made.
///
/// One `GET /user` brings the user and, in `X-OAuth-Scopes`, the scopes. Fine-grained and app tokens have no such
/// field; their scopes are unknown, so that any required scope fails. The subject is the
/// numeric user id; there is no client id, since GitHub does not name the application.
public struct GitHubAPI: TokenAuthority {
    public let identity: AuthorityIdentity

    private let endpoint: HTTPEndpoint
    private let exchange: AuthorityExchange

    /// The address of github.com's interface.
    public static let defaultURL = "https://api.github.com"

    /// Describes the interface; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - url: the interface's address; for a GitHub Enterprise Server `https://HOST/api/v3`.
    ///   - deadline: the longest time that a question may take, greater than zero and at most 60 s.
    ///   - maximumAnswerSize: the largest answer that is accepted, from 1024 to 786432 bytes.
    ///   - allowsPlainHTTP: whether the address may be `http` on a host other than this machine. Tokens and secrets
    ///     then cross the network in clear text, and answers can be forged: only for an authority in a network of
    ///     your own.
    ///   - transport: what carries the questions.
    /// - Throws: ``ConfigurationError`` for an argument that can't work.
    public init(
        url: String = GitHubAPI.defaultURL,
        deadline: Duration = .seconds(10),
        maximumAnswerSize: Int = 65_536,
        allowsPlainHTTP: Bool = false,
        transport: any HTTPTransport = CurlTransport.shared
    ) throws(ConfigurationError) {
        endpoint = try GitHubRequest.endpoint(url, path: "/user", allowsPlainHTTP: allowsPlainHTTP)
        exchange = try AuthorityExchange(
            transport: transport,
            endpoint: endpoint,
            deadline: deadline,
            maximumAnswerSize: maximumAnswerSize
        )
        identity = AuthorityIdentity(kind: "github", parameters: ["endpoint": endpoint.canonical])
    }

    public var deadline: Duration { exchange.deadline }

    public var namesAudienceAndIssuer: Bool { false }

    public var limitsEachToken: Bool { true }

    public func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        let start = clock.now
        let fields = GitHubRequest.headerFields(authorization: "Bearer " + token.exposedText)
        let reply = try await exchange.reply(to: endpoint.request(.get, headerFields: fields))
        switch reply.head.status.code {
        case 200: break
        case 401: return .refused
        default:
            if case .refusal = GitHubForbidden(reply, at: clock.now) { return .refused }
            throw GitHubRequest.error(reply, at: clock.now)
        }
        var content = try GitHubUser.content(reply.claims().members, verifiedAt: start)
        content.scopeList = GitHubRequest.scopes(reply)
        let expiries = reply.head.headerFields[values: GitHubRequest.tokenExpiration]
        if !expiries.isEmpty {
            guard expiries.count == 1, let expiry = HTTPDate.iso8601(expiries[0]) else {
                let detail = VerificationError.Detail.header("github-authentication-token-expiration")
                throw VerificationError(.malformedAnswer, detail: detail)
            }
            content.expiry = expiry
        }
        return .accepted(VerifiedToken(content), cacheable: true)
    }
}

extension GitHubAPI: PunctualAuthority {
    var isPunctual: Bool { exchange.isPunctual }
}
