import Logging

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Says that the environment makes libcurl give the secrets of TLS away.
///
/// libcurl reads `SSLKEYLOGFILE` when it is initialised, and has no option against it. To unset the variable here would be
/// no remedy: other threads may read the environment at that moment.
enum KeyLogWarning {
    private static let variable = "SSLKEYLOGFILE"

    static func log() {
        guard let path = getenv(variable), path.pointee != 0 else { return }
        Logger(label: "HTTPTransports")
            .warning(
                "the environment sets \(variable): libcurl writes the secrets of every TLS connection to that file, by which tokens and client secrets can be read; unset it outside of tests"
            )
    }
}
