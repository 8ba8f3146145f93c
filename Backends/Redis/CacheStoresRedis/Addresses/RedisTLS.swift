#if Redis
/// The files by which a server, and this process, are authenticated on an encrypted connection.
///
/// Certificate and host name are always verified; if the host is an IP address, the certificate must contain it.
/// The version is at least TLS 1.2. No variable of the environment is read: neither `SSL_CERT_FILE` nor `SSL_CERT_DIR`
/// adds an authority, and `SSLKEYLOGFILE` does not make session keys leave the process.
///
/// Files together with an address whose scheme is not `rediss…` are an error, since they would have no effect.
public struct RedisTLS: Sendable, Hashable {
    /// A PEM file of the only authorities to trust; `nil` for the system's.
    public var certificateAuthorityFile: String?
    /// A PEM file with this process's certificate chain, if the server requires one; needs ``privateKeyFile``.
    public var certificateFile: String?
    /// A PEM file with the certificate's private key; needs ``certificateFile``.
    public var privateKeyFile: String?

    /// Names the files; ``RedisStore`` checks that the last two come together.
    ///
    /// - Parameters:
    ///   - certificateAuthorityFile: a PEM file of the only authorities to trust; `nil` for the system's.
    ///   - certificateFile: a PEM file with this process's certificate chain; `nil` for none.
    ///   - privateKeyFile: a PEM file with the certificate's private key; `nil` for none.
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
#endif
