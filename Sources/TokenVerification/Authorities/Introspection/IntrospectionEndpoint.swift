public import CacheStores
public import HTTPTransports

/// An OAuth 2 token introspection endpoint (RFC 7662).
///
/// ```swift
/// let endpoint = try IntrospectionEndpoint(
///     url: "https://issuer.example/introspect", clientID: "api", clientSecret: ClientSecret(secret))
/// ```
///
/// An answer that breaks the protocol in any respect is no answer: the verification fails as `unavailable`, and
/// nothing is kept. That the endpoint refuses *this server* is a `misconfigured`, never a refusal of the token.
public struct IntrospectionEndpoint: TokenAuthority {
    public let identity: AuthorityIdentity

    private let client: IntrospectionClient

    /// Describes an endpoint; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - url: the endpoint's address; `https`, or `http` on a loopback host (see `allowsPlainHTTP`).
    ///   - clientID: this server's name at the authority.
    ///   - clientSecret: this server's secret at the authority.
    ///   - authentication: how id and secret are sent.
    ///   - sendsTokenTypeHint: whether `token_type_hint=access_token` is sent; some servers refuse it.
    ///   - parameters: further fields of the form.
    ///   - deadline: the longest time that a question may take.
    ///   - maximumAnswerSize: the largest answer that is accepted, from 1024 to 786432 bytes.
    ///   - allowsPlainHTTP: whether the address may be `http` on a host other than this machine. Tokens and secrets
    ///     then cross the network in clear text, and answers can be forged: only for an authority in a network of
    ///     your own.
    ///   - transport: what carries the questions.
    /// - Throws: ``ConfigurationError`` for an argument that can't work.
    public init(
        url: String,
        clientID: String,
        clientSecret: ClientSecret,
        authentication: ClientAuthentication = .basic,
        sendsTokenTypeHint: Bool = true,
        parameters: [String: String] = [:],
        deadline: Duration = .seconds(10),
        maximumAnswerSize: Int = 65_536,
        allowsPlainHTTP: Bool = false,
        transport: any HTTPTransport = CurlTransport.shared
    ) throws(ConfigurationError) {
        let endpoint = try HTTPEndpoint(
            configured: url,
            as: "introspection endpoint",
            allowsPlainHTTP: allowsPlainHTTP
        )
        guard !clientID.isEmpty else { throw ConfigurationError("the client id must not be empty") }
        let reserved: Set = ["token", "token_type_hint", "client_id", "client_secret"]
        if let name = parameters.keys.first(where: reserved.contains) {
            throw ConfigurationError("the parameter \(name) is set by the introspection itself")
        }
        var fields = parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        if sendsTokenTypeHint { fields.append(("token_type_hint", "access_token")) }
        if authentication == .post {
            fields += [("client_id", clientID), ("client_secret", try clientSecret.checked())]
        }
        client = IntrospectionClient(
            endpoint,
            authorization: try Self.authorization(clientID, clientSecret, authentication),
            fields: fields,
            exchange: try AuthorityExchange(
                transport: transport,
                endpoint: endpoint,
                deadline: deadline,
                maximumAnswerSize: maximumAnswerSize
            )
        )
        var traits = [
            "endpoint": endpoint.canonical, "client": clientID, "authentication": authentication.rawValue,
        ]
        traits["hint"] = sendsTokenTypeHint ? "access_token" : "none"
        for (name, value) in parameters { traits["parameter " + name] = value }
        identity = AuthorityIdentity(kind: "introspection", parameters: traits)
    }

    public var deadline: Duration { client.exchange.deadline }

    public func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        try await client.verdict(on: token, clock: clock)
    }

    private static func authorization(
        _ clientID: String,
        _ secret: ClientSecret,
        _ authentication: ClientAuthentication
    ) throws(ConfigurationError) -> String? {
        switch authentication {
        case .post: return nil
        case .basic:
            return BasicCredentials.headerValue(
                FormEncoding.encode(clientID),
                FormEncoding.encode(try secret.checked())
            )
        case .basicRaw:
            guard !clientID.utf8.contains(UInt8(ascii: ":")) else {
                throw ConfigurationError("a client id with a colon can't be sent raw; use basic")
            }
            return BasicCredentials.headerValue(clientID, try secret.checked())
        }
    }
}

extension HTTPEndpoint {
    /// Reads a configured address; the error of a wrong one names its purpose.
    init(
        configured url: String,
        as purpose: String,
        allowsPlainHTTP: Bool
    ) throws(ConfigurationError) {
        do {
            try self.init(url, allowingPlainHTTP: allowsPlainHTTP)
        } catch let error as HTTPTransportError {
            throw ConfigurationError("the \(purpose)'s address is wrong: \(error.message)")
        } catch {
            throw ConfigurationError("the \(purpose)'s address is wrong")
        }
    }
}

extension IntrospectionEndpoint: PunctualAuthority {
    var isPunctual: Bool { client.exchange.isPunctual }
}

extension IntrospectionEndpoint: HiddenText {}
