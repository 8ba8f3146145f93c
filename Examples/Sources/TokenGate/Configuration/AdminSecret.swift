import Crypto
import Listening
import TokenVerification

/// The secret of those who may make the gate forget tokens; presented as a bearer token.
///
/// Only its digest is kept.
package struct AdminSecret: Sendable {
    private let digest: SHA256Digest

    /// In bytes.
    private static let minimumLength = 16

    /// - Parameters:
    ///   - secret: the secret.
    ///   - origin: where it was given.
    /// - Throws: `CommandFailure` if it is too short, or no bearer token.
    init(_ secret: String, from origin: String) throws(CommandFailure) {
        guard secret.utf8.count >= Self.minimumLength else {
            throw .usage(
                "\(origin) has \(secret.utf8.count) bytes; at least \(Self.minimumLength) are "
                    + "needed, such as `openssl rand -hex 32` prints"
            )
        }
        do {
            _ = try BearerToken(secret)
        } catch {
            throw .usage(
                "\(origin) can't be sent as a bearer token: use letters and digits, "
                    + "as `openssl rand -hex 32` prints them"
            )
        }
        digest = SHA256.hash(data: Array(secret.utf8))
    }

    /// Whether an `Authorization` field presents the secret; takes as long whatever is presented.
    func isPresented(in authorization: String) -> Bool {
        let credentials = authorization.split { $0 == " " || $0 == "\t" }.last ?? ""
        return SHA256.hash(data: Array(credentials.utf8)) == digest
    }
}
