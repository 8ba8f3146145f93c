public import CacheStores
public import HTTPTransports
import HTTPTypes
public import Logging

/// GitHub's token check of one application: knows that a token was issued to *your* app, and to whom.
///
/// `POST /applications/{client_id}/token`, with the application's own credentials. A token of another application is
/// refused.
public struct GitHubApplication: TokenAuthority {
    public let identity: AuthorityIdentity

    private let endpoint: HTTPEndpoint
    private let authorization: String
    private let clientID: String
    private let exchange: AuthorityExchange
    private let clock: WallClock
    private let logger: Logger

    /// Describes the application; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - clientID: the application's client id.
    ///   - clientSecret: the application's secret.
    ///   - url: the interface's address; for a GitHub Enterprise Server `https://HOST/api/v3`.
    ///   - deadline: the longest time that a question may take.
    ///   - transport: what carries the questions; `nil` for a `CurlTransport` of its own.
    ///   - clock: the clock by which an answer is dated.
    ///   - logger: where a refusal of the application's credentials is reported.
    /// - Throws: ``ConfigurationError`` for an argument that can't work.
    public init(
        clientID: String,
        clientSecret: ClientSecret,
        url: String = GitHubAPI.defaultURL,
        deadline: Duration = .seconds(10),
        transport: (any HTTPTransport)? = nil,
        clock: WallClock = .system,
        logger: Logger = Logger(label: "github-application")
    ) throws {
        guard !clientID.isEmpty, !clientID.contains(":") else {
            throw ConfigurationError("a GitHub client id is neither empty nor has it a colon")
        }
        endpoint = try GitHubRequest.endpoint(
            url,
            path: "/applications/\(FormEncoding.encode(clientID))/token"
        )
        authorization = BasicCredentials.headerValue(clientID, clientSecret.text)
        self.clientID = clientID
        exchange = try AuthorityExchange(transport: transport, deadline: deadline)
        self.clock = clock
        self.logger = logger
        let traits = ["endpoint": endpoint.canonical, "client": clientID]
        identity = AuthorityIdentity(kind: "github-application", parameters: traits)
    }

    public var deadline: Duration { exchange.deadline }

    public var namesAudienceAndIssuer: Bool { false }

    public func verdict(on token: BearerToken) async throws(VerificationError) -> Verdict {
        let start = clock.now
        var fields = GitHubRequest.headerFields(authorization: authorization)
        fields[.contentType] = "application/json"
        let reply = try await exchange.reply(
            to: endpoint.request(.post, headerFields: fields),
            body: JSONWriter.object(["access_token": token.text])
        )
        switch reply.head.status.code {
        case 200: return try verdict(reply.claims(), verifiedAt: start)
        // 422: GitHub could not even read it as a token, and will not next time either.
        case 404, 422: return .refused
        case 401:
            logger.error("GitHub refuses the application's credentials", metadata: ["status": "401"])
            throw VerificationError(.credentialsRefused)
        default: throw GitHubRequest.error(reply, at: clock.now)
        }
    }

    public func shutdown() async {
        await exchange.shutdown()
    }

    private func verdict(
        _ claims: Claims,
        verifiedAt: Timestamp
    ) throws(VerificationError) -> Verdict {
        guard let user = claims["user"]?.object else { throw VerificationError(.malformedAnswer) }
        var content = try GitHubUser.content(user, verifiedAt: verifiedAt)
        content.clientID = clientID
        switch claims["scopes"] {
        case nil, .null: break
        case .array(let elements):
            content.scopeList = ScopeList(elements.compactMap(\.string))
            guard elements.allSatisfy({ $0.string != nil }) else { throw VerificationError(.malformedAnswer) }
        default: throw VerificationError(.malformedAnswer)
        }
        switch claims["expires_at"] {
        case nil, .null: break
        case .string(let text):
            guard let expiry = HTTPDate.iso8601(text) else { throw VerificationError(.malformedAnswer) }
            content.expiry = expiry
        default: throw VerificationError(.malformedAnswer)
        }
        return .accepted(VerifiedToken(content), cacheable: true)
    }
}

extension GitHubApplication: PunctualAuthority {
    var isPunctual: Bool { exchange.isPunctual }
}

extension GitHubApplication: HiddenText {}
