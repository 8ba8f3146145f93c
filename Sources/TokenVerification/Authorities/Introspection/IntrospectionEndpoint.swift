public import CacheStores
public import HTTPTransports
import HTTPTypes

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
    ///   - clientSecret: this server's secret at the authority; `nil` with `certificate` only.
    ///   - authentication: how id and secret are sent. `certificate` needs a transport that has one.
    ///   - sendsTokenTypeHint: whether `token_type_hint=access_token` is sent; some servers refuse it.
    ///   - parameters: further fields of the form.
    ///   - headerFields: further fields of the request's head, such as an API key; none that is the protocol's own.
    ///   - scopeClaim: the member of the answer that holds the scopes, such as `scp` or `permissions`.
    ///   - deadline: the longest time that a question may take, greater than zero and at most 60 s.
    ///   - maximumAnswerSize: the largest answer that is accepted, from 1024 to 786432 bytes.
    ///   - allowsPlainHTTP: whether the address may be `http` on a host other than this machine. Tokens and secrets
    ///     then cross the network in clear text, and answers can be forged: only for an authority in a network of
    ///     your own.
    ///   - transport: what carries the questions.
    /// - Throws: ``ConfigurationError`` for an argument that can't work.
    public init(
        url: String,
        clientID: String,
        clientSecret: ClientSecret?,
        authentication: ClientAuthentication = .basic,
        sendsTokenTypeHint: Bool = true,
        parameters: [String: String] = [:],
        headerFields: [String: String] = [:],
        scopeClaim: String = "scope",
        deadline: Duration = .seconds(10),
        maximumAnswerSize: Int = 65_536,
        allowsPlainHTTP: Bool = false,
        transport: any HTTPTransport = CurlTransport.shared
    ) throws(ConfigurationError) {
        let endpoint = try HTTPEndpoint(
            configured: url,
            as: "the introspection endpoint's address is wrong",
            allowsPlainHTTP: allowsPlainHTTP
        )
        guard !clientID.isEmpty else { throw ConfigurationError("the client id must not be empty") }
        guard !scopeClaim.isEmpty else { throw ConfigurationError("scopeClaim must not be empty") }
        let reserved: Set = ["token", "token_type_hint", "client_id", "client_secret"]
        if let name = parameters.keys.first(where: reserved.contains) {
            throw ConfigurationError("parameters must not contain \(name): the introspection request sets it")
        }
        var fields = parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        if sendsTokenTypeHint { fields.append(("token_type_hint", "access_token")) }
        if authentication == .post || authentication == .certificate {
            fields.append(("client_id", clientID))
        }
        var head = try Self.head(headerFields)
        switch (authentication, clientSecret) {
        case (.certificate, nil): break
        case (.certificate, _?): throw ConfigurationError("clientSecret must be nil with .certificate")
        case (_, nil): throw ConfigurationError("clientSecret is needed, except with .certificate")
        case (.post, let secret?): fields.append(("client_secret", secret.text))
        case (_, let secret?): head[.authorization] = try Self.authorization(clientID, secret, authentication)
        }
        client = IntrospectionClient(
            endpoint,
            headerFields: head,
            fields: fields,
            scopeClaim: scopeClaim,
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
        for (name, value) in headerFields { traits["header " + name.lowercased()] = value }
        if scopeClaim != "scope" { traits["scopes"] = scopeClaim }
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
    ) throws(ConfigurationError) -> String {
        guard authentication == .basicRaw else {
            return BasicCredentials.headerValue(
                FormEncoding.encode(clientID),
                FormEncoding.encode(secret.text)
            )
        }
        guard !clientID.utf8.contains(UInt8(ascii: ":")) else {
            throw ConfigurationError("a client id with a colon can't be sent raw; use basic")
        }
        return BasicCredentials.headerValue(clientID, secret.text)
    }

    /// The further fields of the head; a field that the question or its framing needs is an error.
    private static func head(_ given: [String: String]) throws(ConfigurationError) -> HTTPFields {
        var fields: HTTPFields = [:]
        for (text, value) in given {
            guard let name = HTTPField.Name(text), HTTPField.isValidValue(value), !reserved.contains(name),
                fields[name] == nil
            else {
                throw ConfigurationError(
                    "headerFields: \(text.debugDescription) must be a valid field name, given once, not one that the request sets itself, and have a valid value"
                )
            }
            fields[name] = value
        }
        return fields
    }

    private static let reserved = Set(
        [
            "accept", "accept-encoding", "authorization", "connection", "content-encoding", "content-length",
            "content-type", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade",
        ]
        .compactMap { HTTPField.Name($0) }
    )
}

extension IntrospectionEndpoint: PunctualAuthority {
    var isPunctual: Bool { client.exchange.isPunctual }
}

extension IntrospectionEndpoint: HiddenText {}
