import CacheStores
import Crypto

/// Turns what the processes of a fleet share into records of a store, and back.
///
/// A record is a ``RecordHeader`` and the content, encrypted with AES-256-GCM. The key is HMAC-SHA256 of the record's
/// context under the deployment's secret, so a program that can only write to the store makes no record. The header and
/// the context are authenticated with the content: a record that was moved or prolonged does not open.
struct SharedRecordSealer: Sendable {
    private static let label = Array("token-verification shared record".utf8)
    /// What a record is larger than its content.
    static let overhead = RecordHeader.byteCount + 28

    let secrets: [SealingSecret]

    /// Makes a record.
    func seal(
        _ content: [UInt8],
        in context: QuestionContext,
        asked: Timestamp,
        until expiry: Timestamp
    ) throws -> [UInt8] {
        guard let secret = secrets.first else { throw ConfigurationError("shared records need a secret") }
        let header = RecordHeader(
            mode: .secret,
            secretIdentifier: secret.identifier,
            expiry: expiry,
            verifiedAt: asked
        ).bytes
        let box = try AES.GCM.seal(
            content,
            using: Self.key(in: context, secret),
            authenticating: header + context.bytes
        )
        return header + box.nonce + box.ciphertext + box.tag
    }

    /// Reads a record; `nil` for one that none of the secrets made for this context.
    func open(_ record: [UInt8], in context: QuestionContext) -> (content: [UInt8], asked: Timestamp)? {
        guard let header = record.withUnsafeBytes({ RecordHeader($0) }), header.mode == .secret,
            let secret = secrets.first(where: { $0.identifier == header.secretIdentifier }),
            let content = RecordSealer.decrypt(
                record.dropFirst(RecordHeader.byteCount),
                with: Self.key(in: context, secret),
                header.bytes + context.bytes
            )
        else { return nil }
        return (Array(content), header.verifiedAt)
    }

    private static func key(in context: QuestionContext, _ secret: SealingSecret) -> SymmetricKey {
        SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: label + context.bytes, using: secret.bytes))
    }
}
