import CacheStores
import NIOSSL

extension RedisTLS {
    /// Refuses settings that would have no effect.
    func check(for address: RedisAddress) throws(StoreError) {
        guard address.isEncrypted || self == RedisTLS() else {
            let message =
                "tls has files, but the Redis address has no scheme rediss, so nothing would be encrypted"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        guard (certificateFile == nil) == (privateKeyFile == nil) else {
            let message = "tls needs certificateFile and privateKeyFile, or neither of them"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
    }

    /// At least TLS 1.2, everything verified.
    ///
    /// NIOSSL adds no other authorities to those of a file (`NIOSSLContext`: the platform's are loaded for `.default`
    /// alone), and it reads no variable of the environment: BoringSSL looks at `SSL_CERT_FILE` and `SSL_CERT_DIR` only
    /// when it is told to load its own default paths, which NIOSSL does not do, and session keys are written to no
    /// `SSLKEYLOGFILE` unless a `keyLogCallback` does so.
    func configuration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if let certificateAuthorityFile { configuration.trustRoots = .file(certificateAuthorityFile) }
        if let certificateFile {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificateFile).map {
                .certificate($0)
            }
        }
        if let privateKeyFile {
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: privateKeyFile, format: .pem))
        }
        return configuration
    }
}
