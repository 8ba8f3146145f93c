import HTTPTransports

/// What a protected resource says of itself, so that a client can find out where to get a token (RFC 9728).
///
/// A client without a token gets a challenge that names ``url``. It reads the document there, and learns which
/// authorization servers issue tokens for the resource. Clients of the Model Context Protocol need that.
///
/// ```swift
/// let metadata = try ProtectedResourceMetadata(
///     resource: "https://api.example/mcp", authorizationServers: ["https://issuer.example"])
/// print(metadata.url)   // "https://api.example/.well-known/oauth-protected-resource/mcp"
/// ```
public struct ProtectedResourceMetadata: Sendable, Hashable {
    /// The well-known path of the document of a resource that has no path of its own (RFC 9728 §3).
    public static let wellKnownPath = "/.well-known/oauth-protected-resource"

    /// The resource's identifier, which is also the audience of its tokens.
    public let resource: String
    /// The issuer identifiers of the authorization servers whose tokens are accepted.
    public let authorizationServers: [String]
    /// The scopes that clients may ask for; empty to name none.
    public let scopes: [String]
    /// The resource's name for people, if it has one.
    public let name: String?

    /// Where the document is found: ``wellKnownPath``, and the resource's own path behind it.
    public let path: String
    /// The whole address of the document, as a challenge names it: `BearerTokenMiddleware(resourceMetadata:)`.
    public let url: String

    /// Describes a resource.
    ///
    /// - Parameters:
    ///   - resource: the address of the resource: `https`, or `http` on a loopback host, without a query and a fragment.
    ///   - authorizationServers: the issuer identifiers of its authorization servers, of which at least one is needed.
    ///   - scopes: the scopes that clients may ask for.
    ///   - name: the resource's name for people.
    /// - Throws: ``ConfigurationError`` for an address that is not acceptable.
    public init(
        resource: String,
        authorizationServers: [String],
        scopes: [String] = [],
        name: String? = nil
    ) throws(ConfigurationError) {
        let endpoint = try HTTPEndpoint(configured: resource, as: "resource")
        guard !endpoint.path.utf8.contains(UInt8(ascii: "?")) else {
            throw ConfigurationError("resource: the address of a protected resource must have no query")
        }
        guard !authorizationServers.isEmpty else {
            throw ConfigurationError("authorizationServers: at least one issuer identifier is needed")
        }
        for server in authorizationServers {
            _ = try HTTPEndpoint(configured: server, as: "authorizationServers")
        }
        self.resource = resource
        self.authorizationServers = authorizationServers
        self.scopes = scopes
        self.name = name
        // RFC 9728 §3.1: the slash that only ends the host is left out.
        path = Self.wellKnownPath + (endpoint.path == "/" ? "" : endpoint.path)
        url = "\(endpoint.scheme)://\(endpoint.authority)\(path)"
    }

    /// The document (RFC 9728 §2), in JSON.
    public var json: [UInt8] {
        var members = [
            "\"resource\":\(JSONWriter.quoted(resource))",
            "\"authorization_servers\":\(JSONWriter.array(authorizationServers))",
        ]
        if !scopes.isEmpty { members.append("\"scopes_supported\":\(JSONWriter.array(scopes))") }
        // A token in a form or a query is never read (RFC 6750 §2.2, §2.3).
        members.append("\"bearer_methods_supported\":[\"header\"]")
        if let name { members.append("\"resource_name\":\(JSONWriter.quoted(name))") }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }
}
