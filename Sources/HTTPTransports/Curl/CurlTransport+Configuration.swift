#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension CurlTransport {
    /// What a ``CurlTransport`` may do: deadlines, trust, connections.
    public struct Configuration: Sendable, Hashable {
        /// The time for resolving the name, connecting and the TLS handshake together.
        public var connectDeadline: Duration
        /// A PEM file of the only certificate authorities to trust, for servers and for a proxy that speaks TLS; nil for
        /// those of the system.
        public var certificateAuthorityFile: String?
        /// A PEM file with this process's certificate chain, for servers that require one (RFC 8705); nil for none.
        ///
        /// Each new connection reads it, so a renewed certificate is used without a restart.
        public var clientCertificateFile: String?
        /// A PEM file with the certificate's private key, without a passphrase; nil if the certificate's file holds it.
        public var clientKeyFile: String?
        /// The proxy for `https` to every host but loopback ones; nil for none, whatever the environment says.
        ///
        /// A URL with the scheme `http`, `https`, `socks5` or `socks5h`, without credentials.
        public var proxy: String?
        /// The most connections that are open at a time; further exchanges wait for one, within their deadline.
        public var maximumConnections: Int
        /// The most connections to one host and port.
        public var maximumConnectionsPerHost: Int
        /// How long after its last use a connection is used again.
        ///
        /// Counted in whole seconds, rounded up. Load balancers and NAT devices drop idle connections silently, most
        /// after some minutes.
        public var maximumIdleTime: Duration
        /// How long after it was made a connection is used again, so that a changed address of the server is noticed.
        ///
        /// Counted in whole seconds, rounded up. Needs libcurl 7.80; with an older one, connections in steady use stay.
        public var maximumConnectionAge: Duration
        /// The `User-Agent` of requests that bring none of their own; nil to send none.
        public var userAgent: String?

        /// Makes a configuration; it is checked when a transport is made of it.
        ///
        /// - Parameters:
        ///   - connectDeadline: the time for resolving the name, connecting and the TLS handshake together, greater
        ///     than zero, 5 s by default.
        ///   - certificateAuthorityFile: a PEM file of the only authorities to trust; nil for those of the system.
        ///   - clientCertificateFile: a PEM file with this process's certificate chain; nil for none.
        ///   - clientKeyFile: a PEM file with the certificate's private key; nil if the certificate's file holds it.
        ///   - proxy: a URL of the scheme `http`, `https`, `socks5` or `socks5h`, without credentials; nil for none.
        ///   - maximumConnections: the most connections that are open at a time, from 1 to 65535, 64 by default.
        ///   - maximumConnectionsPerHost: the most connections to one host and port, from 1 to 65535, 32 by default.
        ///   - maximumIdleTime: how long after its last use a connection is used again, greater than zero, 60 s by
        ///     default.
        ///   - maximumConnectionAge: how long after it was made a connection is used again, greater than zero, 300 s by
        ///     default.
        ///   - userAgent: the `User-Agent` of requests that bring none of their own, visible ASCII and spaces; nil to
        ///     send none.
        public init(
            connectDeadline: Duration = .seconds(5),
            certificateAuthorityFile: String? = nil,
            clientCertificateFile: String? = nil,
            clientKeyFile: String? = nil,
            proxy: String? = nil,
            maximumConnections: Int = 64,
            maximumConnectionsPerHost: Int = 32,
            maximumIdleTime: Duration = .seconds(60),
            maximumConnectionAge: Duration = .seconds(300),
            userAgent: String? = nil
        ) {
            self.connectDeadline = connectDeadline
            self.certificateAuthorityFile = certificateAuthorityFile
            self.clientCertificateFile = clientCertificateFile
            self.clientKeyFile = clientKeyFile
            self.proxy = proxy
            self.maximumConnections = maximumConnections
            self.maximumConnectionsPerHost = maximumConnectionsPerHost
            self.maximumIdleTime = maximumIdleTime
            self.maximumConnectionAge = maximumConnectionAge
            self.userAgent = userAgent
        }
    }
}

extension CurlTransport.Configuration {
    func validate() throws {
        guard connectDeadline > .zero else {
            throw HTTPTransportError.invalidConfiguration(
                "connectDeadline must be greater than zero, but is \(connectDeadline)"
            )
        }
        for (name, number) in [
            ("maximumConnections", maximumConnections),
            ("maximumConnectionsPerHost", maximumConnectionsPerHost),
        ] where !(1...65_535).contains(number) {
            throw HTTPTransportError.invalidConfiguration("\(name) must be from 1 to 65535, not \(number)")
        }
        guard maximumIdleTime > .zero, maximumConnectionAge > .zero else {
            throw HTTPTransportError.invalidConfiguration(
                "maximumIdleTime and maximumConnectionAge must be greater than zero, not \(maximumIdleTime) and \(maximumConnectionAge)"
            )
        }
        guard userAgent?.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) ?? true else {
            throw HTTPTransportError.invalidConfiguration("userAgent must be visible ASCII")
        }
        try validateProxy()
        guard clientKeyFile == nil || clientCertificateFile != nil else {
            throw HTTPTransportError.invalidConfiguration("clientKeyFile needs clientCertificateFile")
        }
        for (name, file) in [
            ("certificateAuthorityFile", certificateAuthorityFile),
            ("clientCertificateFile", clientCertificateFile), ("clientKeyFile", clientKeyFile),
        ] {
            // An empty path would make libcurl fall back on the certificates of the system.
            guard let file else { continue }
            guard !file.isEmpty, !file.utf8.contains(0), access(file, R_OK) == 0 else {
                // The path is not named: where it should be, the key itself may stand by mistake.
                throw HTTPTransportError.invalidConfiguration("\(name) must be the path of a readable file")
            }
        }
    }

    /// Whether TLS is spoken to the proxy itself.
    var hasEncryptedProxy: Bool { proxy?.hasPrefix("https://") ?? false }

    private func validateProxy() throws {
        guard let proxy else { return }
        let scheme = ["http://", "https://", "socks5://", "socks5h://"].first { proxy.hasPrefix($0) }
        // Credentials are refused since a configuration may be printed.
        guard let scheme, proxy.utf8.count > scheme.utf8.count,
            proxy.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "@") })
        else {
            throw HTTPTransportError.invalidConfiguration(
                "proxy must be a URL of the scheme http, https, socks5 or socks5h, without credentials"
            )
        }
    }
}
