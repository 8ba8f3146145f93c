public import HTTPTypes

/// The address of an HTTP resource that a secret may be sent to.
///
/// Tokens and client secrets travel to an authority, so an address is checked once, strictly, when it is
/// configured, and never interpreted a second time. Refused are: any scheme but `https` (plain `http` is allowed
/// for a loopback host, and for another one only where that is asked for), user information, a fragment, an empty
/// host, and every character that a URL (RFC 3986) may not hold as it stands: white space, control characters,
/// anything beyond ASCII.
///
/// Two addresses that differ only in the case of scheme and host, or in naming the default port, are equal:
///
/// ```swift
/// let base = try HTTPEndpoint("HTTPS://GitHub.Example:443/api/v3")
/// print(base.canonical)                               // "https://github.example/api/v3"
/// print(try base.appending(path: "/user").canonical)  // "https://github.example/api/v3/user"
/// ```
public struct HTTPEndpoint: Sendable, Hashable {
    /// `https` or `http`.
    public let scheme: String
    /// A name, an IPv4 address, or an IPv6 address without its brackets; in lower case.
    public let host: String
    /// The port, whether it was named or is the scheme's default.
    public let port: Int
    /// The path, which begins with a slash, and the query, just as they were given.
    public let path: String
    /// Whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1, spelled in the usual way.
    public let isLoopback: Bool

    /// Reads an absolute URL.
    ///
    /// - Parameters:
    ///   - text: the URL.
    ///   - allowingPlainHTTP: whether `http` may be spoken to a host other than this machine. What is sent then crosses
    ///     the network in clear text, and the answer can be forged: every machine on the way can read tokens and client
    ///     secrets, and say that a token is valid. Only for an authority in a network of your own. The exchange has to
    ///     allow it as well (``HTTPExchangeLimits/allowsPlainHTTP``).
    /// - Throws: ``HTTPTransportError`` with the code `invalidRequest`. The message says what is wrong and quotes
    ///   nothing of the text, which may hold a secret.
    public init(_ text: String, allowingPlainHTTP: Bool = false) throws(HTTPTransportError) {
        var parser = HTTPEndpointParser(text)
        scheme = try parser.scheme()
        let host = try parser.host()
        self.host = host.text
        isLoopback = host.isLoopback
        port = try parser.port() ?? Self.defaultPort(of: scheme)
        path = try parser.path()
        guard scheme == "https" || isLoopback || allowingPlainHTTP else {
            throw HTTPTransportError.invalidRequest(
                "http is for loopback hosts only; any other needs https, or an explicit allowance of plain http"
            )
        }
    }

    /// Host and port as a `Host` field shows them: an IPv6 address in brackets, no default port.
    public var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == Self.defaultPort(of: scheme) ? name : "\(name):\(port)"
    }

    /// The whole URL, spelled in one way only: what identifies the resource.
    public var canonical: String { "\(scheme)://\(authority)\(path)" }

    /// Appends to the path, with exactly one slash at the seam.
    ///
    /// - Parameter suffix: more path, with or without a slash in front; a query may follow.
    /// - Returns: the address of the resource below this one.
    /// - Throws: ``HTTPTransportError`` with the code `invalidRequest` if this address has a query already, or the
    ///   suffix holds what a path can't.
    public func appending(path suffix: String) throws(HTTPTransportError) -> Self {
        guard !path.utf8.contains(UInt8(ascii: "?")) else {
            throw HTTPTransportError.invalidRequest("a path can't be appended to a URL that has a query")
        }
        let base = path.hasSuffix("/") ? String(path.dropLast()) : path
        // This address was allowed, and the suffix changes neither scheme nor host.
        return try Self(
            "\(scheme)://\(authority)\(base)\(suffix.hasPrefix("/") ? "" : "/")\(suffix)",
            allowingPlainHTTP: true
        )
    }

    /// The head of a request for this resource.
    public func request(_ method: HTTPRequest.Method, headerFields: HTTPFields = [:]) -> HTTPRequest {
        HTTPRequest(
            method: method,
            scheme: scheme,
            authority: authority,
            path: path,
            headerFields: headerFields
        )
    }

    private static func defaultPort(of scheme: String) -> Int { scheme == "https" ? 443 : 80 }
}
