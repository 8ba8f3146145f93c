public import CacheStores
public import HTTPTransports
import TokenVerification

extension JSONWebKeySource {
    /// Keys at a fixed address.
    ///
    /// - Parameters:
    ///   - url: the address of the key set; `https`, or `http` on a loopback host.
    ///   - options: how often keys are fetched, and how long they are used.
    ///   - allowsPlainHTTP: whether the address may be `http` on another machine. Keys can then be forged on the way.
    ///   - transport: what carries the requests.
    ///   - clock: the clock by which keys age.
    /// - Throws: `ConfigurationError` for an argument that can't work.
    public convenience init(
        url: String,
        options: Options = Options(),
        allowsPlainHTTP: Bool = false,
        transport: any HTTPTransport = CurlTransport.shared,
        clock: WallClock = .system
    ) throws {
        let address = try HTTPEndpoint(
            configured: url,
            as: "the key set's address is wrong",
            allowsPlainHTTP: allowsPlainHTTP
        )
        try self.init(
            .keys(address),
            name: address.canonical,
            options: options,
            allowsPlainHTTP: allowsPlainHTTP,
            transport: transport,
            clock: clock
        )
    }

    /// Keys that the issuer's metadata names: by RFC 8414, or else by OpenID Connect Discovery.
    ///
    /// - Parameters:
    ///   - issuer: the issuer's identifier, as its tokens have it in `iss`; a URL without query.
    ///   - options: how often keys are fetched, and how long they are used.
    ///   - allowsPlainHTTP: whether addresses may be `http` on another machine. Keys can then be forged on the way.
    ///   - transport: what carries the requests.
    ///   - clock: the clock by which keys age.
    /// - Throws: `ConfigurationError` for an argument that can't work.
    public convenience init(
        discovering issuer: String,
        options: Options = Options(),
        allowsPlainHTTP: Bool = false,
        transport: any HTTPTransport = CurlTransport.shared,
        clock: WallClock = .system
    ) throws {
        func endpoint(_ url: String) throws(ConfigurationError) -> HTTPEndpoint {
            try HTTPEndpoint(
                configured: url,
                as: "the issuer's identifier is wrong",
                allowsPlainHTTP: allowsPlainHTTP
            )
        }
        let base = try endpoint(issuer)
        guard !base.path.utf8.contains(UInt8(ascii: "?")) else {
            throw ConfigurationError("the issuer's identifier must have no query")
        }
        let path = base.path.hasSuffix("/") ? String(base.path.dropLast()) : base.path
        let origin = "\(base.scheme)://\(base.authority)"
        let metadata = [
            try endpoint("\(origin)/.well-known/oauth-authorization-server\(path)"),
            try endpoint("\(origin)\(path)/.well-known/openid-configuration"),
        ]
        try self.init(
            .issuer(issuer, metadata: metadata),
            name: "discovery " + issuer,
            options: options,
            allowsPlainHTTP: allowsPlainHTTP,
            transport: transport,
            clock: clock
        )
    }
}
