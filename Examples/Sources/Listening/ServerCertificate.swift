import NIOCore
import NIOSSL
import Synchronization

/// The certificate and the key of a server, which can be read anew while it runs.
package final class ServerCertificate: Sendable {
    private struct Pair {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource

        var configuration: TLSConfiguration {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: key
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return configuration
        }
    }

    private let certificatePath: String
    private let keyPath: String
    private let current: Mutex<Pair>

    /// Reads both files, in the PEM format.
    ///
    /// - Throws: `CommandFailure` if a file can't be used, or the key is not the certificate's.
    package init(certificate: String, key: String) throws(CommandFailure) {
        certificatePath = certificate
        keyPath = key
        current = Mutex(try Self.read(certificate, key))
    }

    /// Reads both files again; connections that are made from then on get what they hold now.
    ///
    /// - Throws: `CommandFailure`, and then the old certificate stays in use.
    package func reload() throws(CommandFailure) {
        let pair = try Self.read(certificatePath, keyPath)
        current.withLock { $0 = pair }
    }

    /// Asks for the current certificate at each handshake.
    var configuration: TLSConfiguration {
        var configuration = current.withLock { $0 }.configuration
        configuration.sslContextCallback = { [self] _, promise in
            let pair = current.withLock { $0 }
            var change = NIOSSLContextConfigurationOverride()
            change.certificateChain = pair.chain
            change.privateKey = pair.key
            promise.succeed(change)
        }
        return configuration
    }

    private static func read(_ certificate: String, _ key: String) throws(CommandFailure) -> Pair {
        let pair: Pair
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate)
            guard !chain.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            pair = Pair(
                chain: chain.map { .certificate($0) },
                key: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            )
        } catch {
            throw .unavailable(
                "TLS: a certificate in \(certificate) and its key in \(key) are needed, in PEM"
            )
        }
        do {
            // Fails if the key is another certificate's.
            _ = try NIOSSLContext(configuration: pair.configuration)
        } catch {
            throw .unavailable("TLS: the key in \(key) does not belong to the certificate in \(certificate)")
        }
        return pair
    }
}
