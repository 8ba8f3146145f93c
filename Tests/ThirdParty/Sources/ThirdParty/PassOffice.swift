public import CacheStores
public import HTTPTransports
import HTTPTypes
public import TokenVerification

/// An authority of a third party, which speaks a protocol of its own: `GET /passes/current`, the token in a field.
public struct PassOffice: TokenAuthority {
    public let identity: AuthorityIdentity

    private static let passName = HTTPField.Name("X-Pass")
    private let endpoint: HTTPEndpoint
    private let transport: any HTTPTransport
    private let limits = HTTPExchangeLimits(deadline: .seconds(5), maximumBodySize: 4_096)

    public init(url: String, transport: any HTTPTransport) throws {
        endpoint = try HTTPEndpoint(url).appending(path: "/passes/current")
        self.transport = transport
        identity = AuthorityIdentity(kind: "pass-office", parameters: ["endpoint": endpoint.canonical])
    }

    public var deadline: Duration { limits.deadline }

    public func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        let start = clock.now
        let reply = try await reply(on: token)
        switch reply.head.status.code {
        case 200: break
        case 404: return .refused
        default: throw reply.failure(at: clock.now)
        }
        let claims = try reply.claims()
        guard let holder = claims["holder"]?.string else {
            throw VerificationError(.malformedAnswer, detail: .member("holder"))
        }
        var content = VerifiedToken.Content(verifiedAt: start, claims: claims)
        content.subject = holder
        content.orderedScopes = claims["doors"]?.array?.compactMap(\.string) ?? []
        return .accepted(VerifiedToken(content), cacheable: true)
    }

    private func reply(on token: BearerToken) async throws(VerificationError) -> HTTPReply {
        var request = endpoint.request(.get)
        if let name = Self.passName { request.headerFields[name] = token.exposedText }
        do {
            return try await transport.response(to: request, body: [], limits: limits)
        } catch {
            throw VerificationError(transportError: error, limits: limits)
        }
    }
}
