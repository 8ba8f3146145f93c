import Listening
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads configuration, secrets and certificate again on SIGHUP, which would otherwise end the process.
///
/// No connection is dropped: requests that are under way are answered by the old state. A configuration that is wrong
/// changes nothing.
struct ReloadService: Service {
    let state: CurrentState
    let source: SettingsSource
    let monitor: GateMonitor
    let certificate: ServerCertificate?
    let logger: Logger

    @concurrent func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            reloadConfiguration()
            reloadCertificate()
        }
    }

    private func reloadConfiguration() {
        let running = state.value.configuration
        do {
            var settings = try source.read()
            for origin in settings.keepFixed(of: running.settings) {
                logger.warning(
                    "SIGHUP: this can't change while the gate runs, so it needs a restart: \(origin)"
                )
            }
            let configuration = try GateConfiguration(settings)
            // The cache stays, and with it every answer. The old authorities end with the questions that they still answer.
            state.replace(by: try GateState(configuration, monitor))
            for warning in configuration.warnings { logger.warning("\(warning)") }
            logger.notice("SIGHUP: the configuration was read again")
        } catch {
            logger.error(
                "SIGHUP: the old configuration stays in use",
                metadata: ["error": "\(error.message)"]
            )
        }
    }

    private func reloadCertificate() {
        guard let certificate else { return }
        do {
            try certificate.reload()
            logger.notice("SIGHUP: new connections get the certificate that was read now")
        } catch {
            logger.error("SIGHUP: the old certificate stays in use", metadata: ["error": "\(error.message)"])
        }
    }
}
