public import CacheStores
public import HTTPTransports
import HTTPTypes
public import TokenVerification

/// The UserInfo endpoint of an OpenID provider (OpenID Connect Core 1.0 §5.3) as an authority.
///
/// It does not say which client a token was issued to: a token of any client of the provider is accepted.
public struct UserInfoEndpoint: TokenAuthority {
    public let identity: AuthorityIdentity

    private let endpoint: HTTPEndpoint
    private let transport: any HTTPTransport
    private let limits = HTTPExchangeLimits(deadline: .seconds(5), maximumBodySize: 65_536)

    public init(url: String, transport: any HTTPTransport = CurlTransport.shared) throws {
        endpoint = try HTTPEndpoint(url)
        self.transport = transport
        identity = AuthorityIdentity(kind: "userinfo", parameters: ["endpoint": endpoint.canonical])
    }

    public var deadline: Duration { limits.deadline }

    public var namesAudienceAndIssuer: Bool { false }

    public func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        let start = clock.now
        let reply = try await reply(on: token)
        switch reply.head.status.code {
        case 200: break
        case 401: return .refused
        case 403 where Self.isRefusal(reply): return .refused
        default: throw reply.failure(at: clock.now)
        }
        let claims = try reply.claims()
        guard let subject = claims["sub"]?.string, !subject.isEmpty else {
            throw VerificationError(.malformedAnswer, detail: .member("sub"))
        }
        var content = VerifiedToken.Content(verifiedAt: start, claims: claims)
        content.subject = subject
        content.username = claims["preferred_username"]?.string
        return .accepted(VerifiedToken(content), cacheable: true)
    }

    private func reply(on token: BearerToken) async throws(VerificationError) -> HTTPReply {
        let authorization = "Bearer " + token.exposedText
        let request = endpoint.request(.get, headerFields: [.authorization: authorization])
        do {
            return try await transport.response(to: request, body: [], limits: limits)
        } catch {
            throw VerificationError(transportError: error, limits: limits)
        }
    }

    /// Whether the token lacks the scope `openid` (RFC 6750 §3.1); any other 403 is a fault.
    private static func isRefusal(_ reply: HTTPReply) -> Bool {
        reply.head.headerFields[.wwwAuthenticate]?.contains("insufficient_scope") ?? false
    }
}
