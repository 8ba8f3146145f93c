import CacheStores
import Crypto

/// The part of a key that all questions to one authority share: 32 bytes that differ for any other authority.
struct QuestionContext: Sendable, Hashable {
    /// The version of the way in which keys and records are made.
    static let formatVersion: UInt8 = 1

    /// A token's key is a hash of this and the token, so nothing of a token is kept under this itself.
    let digest: CacheKey

    /// Hashes the format's version and the authority's identity.
    init(_ identity: AuthorityIdentity) {
        var hash = SHA256()
        hash.update(data: [Self.formatVersion])
        hash.update(data: identity.canonicalBytes)
        digest = CacheKey(hash.finalize())
    }

    var bytes: [UInt8] { digest.bytes }

    /// Calls a closure with the context's 32 bytes.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        digest.withUnsafeBytes(body)
    }

    /// SHA-256 over the context and the token's bytes, in one go over one buffer on the stack.
    func key(for token: BearerToken) -> CacheKey {
        // A token's text is a native string, so its bytes are contiguous.
        if let key = token.text.utf8.withContiguousStorageIfAvailable(key(for:)) { return key }
        return Array(token.text.utf8).withUnsafeBufferPointer(key(for:))
    }

    private func key(for text: UnsafeBufferPointer<UInt8>) -> CacheKey {
        withUnsafeTemporaryAllocation(byteCount: CacheKey.byteCount + text.count, alignment: 8) { buffer in
            digest.withUnsafeBytes { buffer.copyMemory(from: $0) }
            UnsafeMutableRawBufferPointer(rebasing: buffer[CacheKey.byteCount...]).copyMemory(
                from: .init(text)
            )
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(buffer))
            return CacheKey(hash.finalize())
        }
    }
}

extension CacheKey {
    /// The key that a digest is.
    init(_ digest: SHA256Digest) {
        self = digest.withUnsafeBytes { bytes in
            func word(_ number: Int) -> UInt64 {
                bytes.loadUnaligned(fromByteOffset: number * 8, as: UInt64.self)
            }
            return CacheKey(words: (word(0), word(1), word(2), word(3)))
        }
    }
}
