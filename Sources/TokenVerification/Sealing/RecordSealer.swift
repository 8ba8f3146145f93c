import CacheStores
import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns answers into the records of a store of bytes, and back.
///
/// A record binds the digest that it is kept under, the authority's context, its expiry and the moment of
/// verification, as data that the AES-256-GCM tag authenticates. So a record that was moved to another key,
/// prolonged or made for another verifier does not open. The key is HKDF-SHA256 (RFC 5869) of the token, salted with
/// the deployment's secret.
struct RecordSealer: Sendable {
    private static let nonceSize = 12
    private static let tagSize = 16
    private static let checkSize = 16

    let sealing: Sealing

    /// Makes a record of an answer.
    func seal(_ token: VerifiedToken, as question: Question, until expiry: Timestamp) throws -> [UInt8] {
        let header = RecordHeader(
            mode: sealing.mode,
            secretIdentifier: sealing.secrets.first?.identifier ?? 0,
            expiry: expiry,
            verifiedAt: token.verifiedAt
        )
        let headerBytes = header.bytes
        let bound = boundData(headerBytes[...], question)
        let content = TokenRecord.encode(token)
        guard let secret = sealing.secrets.first else {
            return headerBytes + Self.check(bound, content[...]) + content
        }
        let key = RecordKey.derive(for: question, salt: secret)
        let box = try AES.GCM.seal(content, using: key, authenticating: bound)
        var record = headerBytes
        record.reserveCapacity(headerBytes.count + Self.nonceSize + content.count + Self.tagSize)
        record.append(contentsOf: box.nonce)
        record.append(contentsOf: box.ciphertext)
        record.append(contentsOf: box.tag)
        return record
    }

    /// Whether a record begins as this release's records do, however it is sealed.
    static func isCurrent(_ record: [UInt8]) -> Bool {
        record.withUnsafeBytes { RecordHeader($0) } != nil
    }

    /// Reads a record; `nil` for anything that this sealing did not make for this question.
    func open(_ record: [UInt8], as question: Question) -> RecordContent? {
        guard let header = record.withUnsafeBytes({ RecordHeader($0) }), header.mode == sealing.mode else {
            return nil
        }
        let bound = boundData(record.prefix(RecordHeader.byteCount), question)
        let sealed = record.dropFirst(RecordHeader.byteCount)
        let token: VerifiedToken?
        if sealing.mode == .off {
            guard header.secretIdentifier == 0 else { return nil }
            let content = sealed.dropFirst(Self.checkSize)
            guard sealed.prefix(Self.checkSize).elementsEqual(Self.check(bound, content)) else { return nil }
            token = content.withUnsafeBytes { TokenRecord.decode($0, verifiedAt: header.verifiedAt) }
        } else {
            guard let secret = sealing.secrets.first(where: { $0.identifier == header.secretIdentifier }),
                let content = Self.decrypt(sealed, with: RecordKey.derive(for: question, salt: secret), bound)
            else { return nil }
            token = content.withUnsafeBytes { TokenRecord.decode($0, verifiedAt: header.verifiedAt) }
        }
        return token.map { RecordContent(token: $0, expiry: header.expiry) }
    }

    static func decrypt(
        _ sealed: ArraySlice<UInt8>,
        with key: SymmetricKey,
        _ bound: [UInt8]
    ) -> Data? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return try? AES.GCM.open(box, using: key, authenticating: bound)
    }

    private func boundData(_ header: ArraySlice<UInt8>, _ question: Question) -> [UInt8] {
        var bound: [UInt8] = []
        bound.reserveCapacity(RecordHeader.byteCount + 2 * CacheKey.byteCount)
        bound.append(contentsOf: header)
        question.key.withUnsafeBytes { bound.append(contentsOf: $0) }
        question.context.withUnsafeBytes { bound.append(contentsOf: $0) }
        return bound
    }

    private static func check(_ bound: [UInt8], _ content: ArraySlice<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: bound)
        hash.update(data: content)
        return Array(hash.finalize().prefix(checkSize))
    }
}
