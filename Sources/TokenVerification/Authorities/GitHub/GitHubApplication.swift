public import CacheStores
public import HTTPTransports
import HTTPTypes

/// GitHub's token check of one application: tells whether a token was issued to *your* app, and for which user.
///
/// `POST /applications/{client_id}/token`, with the application's own credentials. A token of another application is
/// refused, and so is one without a user: of a deleted account or an installation.
public struct GitHubApplication: TokenAuthority {
    public let identity: AuthorityIdentity

    private let endpoint: HTTPEndpoint
    private let authorization: String
    private let clientID: String
    private let exchange: AuthorityExchange

    /// Describes the application; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - clientID: the application's client id.
    ///   - clientSecret: the application's secret.
    ///   - url: the interface's address; for a GitHub Enterprise Server `https://HOST/api/v3`.
    ///   - deadline: the longest time that a question may take, greater than zero and at most 60 s.
    ///   - maximumAnswerSize: the largest answer that is accepted, from 1024 to 786432 bytes.
    ///   - allowsPlainHTTP: whether the address may be `http` on a host other than this machine. Tokens and secrets
    ///     then cross the network in clear text, and answers can be forged: only for an authority in a network of
    ///     your own.
    ///   - transport: what carries the questions.
    /// - Throws: ``ConfigurationError`` for an argument that can't work.
    public init(
        clientID: String,
        clientSecret: ClientSecret,
        url: String = GitHubAPI.defaultURL,
        deadline: Duration = .seconds(10),
        maximumAnswerSize: Int = 65_536,
        allowsPlainHTTP: Bool = false,
        transport: any HTTPTransport = CurlTransport.shared
    ) throws(ConfigurationError) {
        guard !clientID.isEmpty, !clientID.utf8.contains(UInt8(ascii: ":")) else {
            throw ConfigurationError("clientID must not be empty and must not contain a colon")
        }
        endpoint = try GitHubRequest.endpoint(
            url,
            path: "/applications/\(FormEncoding.encode(clientID))/token",
            allowsPlainHTTP: allowsPlainHTTP
        )
        authorization = BasicCredentials.headerValue(clientID, clientSecret.text)
        self.clientID = clientID
        exchange = try AuthorityExchange(
            transport: transport,
            endpoint: endpoint,
            deadline: deadline,
            maximumAnswerSize: maximumAnswerSize
        )
        let traits = ["endpoint": endpoint.canonical, "client": clientID]
        identity = AuthorityIdentity(kind: "github-application", parameters: traits)
    }

    public var deadline: Duration { exchange.deadline }

    public var namesAudienceAndIssuer: Bool { false }

    public func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        let start = clock.now
        var fields = GitHubRequest.headerFields(authorization: authorization)
        fields[.contentType] = "application/json"
        let reply = try await exchange.reply(
            to: endpoint.request(.post, headerFields: fields),
            body: JSONWriter.object(["access_token": token.exposedText])
        )
        switch reply.head.status.code {
        case 200: return try verdict(reply.claims(), verifiedAt: start)
        // Not 422, which GitHub also sends for spam protection: nothing is known against the token.
        case 404: return .refused
        case 401: throw VerificationError(.credentialsRefused, detail: .status(401, from: endpoint))
        default: throw GitHubRequest.error(reply, at: clock.now)
        }
    }

    private func verdict(
        _ claims: Claims,
        verifiedAt: Timestamp
    ) throws(VerificationError) -> Verdict {
        // GitHub's schema lets the user be null. Such a token speaks for no user, and asking again does not change that.
        if claims["user"] == .null { return .refused }
        guard let user = claims["user"]?.object else { throw malformed("user") }
        var content = try GitHubUser.content(user, verifiedAt: verifiedAt)
        content.clientID = clientID
        switch claims["scopes"] {
        case nil, .null: break
        case .array(let elements):
            content.scopeList = ScopeList(elements.compactMap(\.string))
            guard elements.allSatisfy({ $0.string != nil }) else { throw malformed("scopes") }
        default: throw malformed("scopes")
        }
        switch claims["expires_at"] {
        case nil, .null: break
        case .string(let text):
            guard let expiry = HTTPDate.iso8601(text) else { throw malformed("expires_at") }
            content.expiry = expiry
        default: throw malformed("expires_at")
        }
        return .accepted(VerifiedToken(content), cacheable: true)
    }

    private func malformed(_ member: String) -> VerificationError {
        VerificationError(.malformedAnswer, detail: .member(member))
    }
}

extension GitHubApplication: PunctualAuthority {
    var isPunctual: Bool { exchange.isPunctual }
}

extension GitHubApplication: HiddenText {}
