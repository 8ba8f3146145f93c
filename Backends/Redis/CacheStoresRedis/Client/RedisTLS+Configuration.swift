#if Redis
import CacheStores
import NIOSSL

extension RedisTLS {
    /// Refuses settings that have no effect.
    ///
    /// - Throws: `StoreError` of code `invalidConfiguration`.
    func check(for address: RedisAddress) throws(StoreError) {
        guard address.isEncrypted || self == RedisTLS() else {
            let message =
                "`tls` names files, so the scheme of the Redis address must begin with rediss"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        guard (certificateFile == nil) == (privateKeyFile == nil) else {
            let message = "`tls` needs both certificateFile and privateKeyFile, or neither"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
    }

    /// At least TLS 1.2; certificate and host name are verified.
    ///
    /// NIOSSL loads the platform's authorities for `.default` only, so a file's authorities are the only ones. It reads
    /// no environment variable: BoringSSL reads `SSL_CERT_FILE` and `SSL_CERT_DIR` only to load its default paths,
    /// which NIOSSL never does, and only a `keyLogCallback` writes session keys.
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
#endif
