/// How a server proves who it is, and this process to the server, on an encrypted connection.
///
/// Certificate and host name are always verified; where the address is an IP address, the certificate has to bear that.
/// The version is at least TLS 1.2. No variable of the environment is read: neither `SSL_CERT_FILE` nor `SSL_CERT_DIR`
/// adds an authority, and session keys do not leave by `SSLKEYLOGFILE`.
///
/// Files for an address that is not encrypted are an error, since they would have no effect.
public struct RedisTLS: Sendable, Hashable {
    /// A file of the authorities to trust, in PEM, and of no others; `nil` for the system's.
    public var certificateAuthorityFile: String?
    /// A file with this process's certificate chain, in PEM, if the server wants one; goes with ``privateKeyFile``.
    public var certificateFile: String?
    /// A file with the certificate's private key, in PEM; goes with ``certificateFile``.
    public var privateKeyFile: String?

    public init(
        certificateAuthorityFile: String? = nil,
        certificateFile: String? = nil,
        privateKeyFile: String? = nil
    ) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.certificateFile = certificateFile
        self.privateKeyFile = privateKeyFile
    }
}
