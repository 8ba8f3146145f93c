import Foundation
import TokenVerificationTestSupport

/// A place where the system trusts a certificate authority of the tests, and nothing of this machine is changed.
///
/// In a mount namespace of its own, a directory that has that authority alone takes the place of the system's.
struct SystemTrust {
    private static let directory = "/etc/ssl/certs"

    private let certificates: TestCertificates

    /// The authority of these certificates is the one that the system trusts there.
    init(_ certificates: TestCertificates) async throws {
        self.certificates = certificates
        let trusted = certificates.path("certs")
        try FileManager.default.createDirectory(atPath: trusted, withIntermediateDirectories: false)
        let hash = try await ChildProcess.run(
            .installed("openssl"),
            ["x509", "-noout", "-hash", "-in", certificates.authority]
        )
        let name =
            String(decoding: hash, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) + ".0"
        try FileManager.default.copyItem(
            atPath: certificates.authority,
            toPath: "\(trusted)/\(name)"
        )
        // Debian's libcurl looks into this file too.
        try FileManager.default.copyItem(
            atPath: certificates.stranger,
            toPath: "\(trusted)/ca-certificates.crt"
        )
    }

    /// The outcomes of asking a server twice from there, with the system's certificate authorities or those of a file.
    func outcomes(asking url: String, trusting file: String?, proxy: String? = nil) async throws -> [String] {
        let program = ChildProcess.path(ofSibling: "TransportProcess")
        let options = geteuid() == 0 ? ["--mount"] : ["--map-root-user", "--mount"]
        let output = try await ChildProcess.run(
            .installed("unshare"),
            options
                + [
                    "sh", "-c", #"mount --bind "$0" "$1" && shift && exec "$@""#,
                    certificates.path("certs"), Self.directory, program, url, file ?? "-",
                ] + (proxy.map { [$0] } ?? [])
        )
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
