import Listening
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the certificate again on SIGHUP, which would otherwise end the process.
struct HangupService: Service {
    let certificate: ServerCertificate?
    let logger: Logger

    @concurrent func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            guard let certificate else {
                logger.notice("SIGHUP: there is no certificate to read again; other settings need a restart")
                continue
            }
            do {
                try certificate.reload()
                logger.notice("SIGHUP: new connections get the certificate that was read now")
            } catch {
                logger.error(
                    "SIGHUP: the old certificate stays in use",
                    metadata: ["error": "\(error.message)"]
                )
            }
        }
    }
}
