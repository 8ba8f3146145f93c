/// How a server proves who it is, and this process to the server, on an encrypted connection.
///
/// Certificate and host name are always verified.
public struct RedisTLS: Sendable, Hashable {
    /// A file of the authorities to trust, in PEM; `nil` for the system's.
    public var certificateAuthorityFile: String?
    /// A file with this process's certificate chain, in PEM, if the server wants one.
    public var certificateFile: String?
    /// A file with the certificate's private key, in PEM.
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
