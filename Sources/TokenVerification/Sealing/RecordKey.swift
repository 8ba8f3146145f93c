package import Crypto

/// The key that a record is sealed with: HKDF-SHA256 (RFC 5869) of the token, with the deployment's secret as salt
/// and the authority's context as info.
///
/// A record's key is derived whenever a record is opened. swift-crypto's HKDF is generic over whatever it hashes, and
/// that alone took longer than opening the record; this one hashes four blocks of memory on the stack. Tests hold both
/// to the same keys and to the vectors of RFC 5869.
package enum RecordKey {
    private static let blockSize = 64

    static func derive(for question: Question, salt: SealingSecret) -> SymmetricKey {
        var text = question.token.text
        return text.withUTF8 { text in
            salt.bytes.withUnsafeBytes { salt in
                question.context.withUnsafeBytes { info in
                    SymmetricKey(data: derive(UnsafeRawBufferPointer(text), salt: salt, info: info))
                }
            }
        }
    }

    /// The first 32 bytes of HKDF's output.
    ///
    /// - Parameters:
    ///   - material: the input key material.
    ///   - salt: at most 64 bytes; HMAC hashes a longer key (RFC 2104 §2), which ``SealingSecret`` does.
    ///   - info: what the key is bound to.
    /// - Returns: a key of 32 bytes.
    package static func derive(
        _ material: UnsafeRawBufferPointer,
        salt: UnsafeRawBufferPointer,
        info: UnsafeRawBufferPointer
    ) -> SHA256Digest {
        authenticate(material, with: salt).withUnsafeBytes { pseudoRandomKey in
            withUnsafeTemporaryAllocation(byteCount: info.count + 1, alignment: 8) { block in
                block.copyMemory(from: info)
                // The number of the output's first block (RFC 5869 §2.3).
                block[info.count] = 1
                return authenticate(UnsafeRawBufferPointer(block), with: pseudoRandomKey)
            }
        }
    }

    /// HMAC-SHA256 (RFC 2104) with a key of at most 64 bytes.
    private static func authenticate(
        _ text: UnsafeRawBufferPointer,
        with key: UnsafeRawBufferPointer
    ) -> SHA256Digest {
        hash(text, after: key, paddedWith: 0x36).withUnsafeBytes { hash($0, after: key, paddedWith: 0x5C) }
    }

    private static func hash(
        _ text: UnsafeRawBufferPointer,
        after key: UnsafeRawBufferPointer,
        paddedWith padding: UInt8
    ) -> SHA256Digest {
        precondition(key.count <= blockSize, "HMAC's key is longer than a block")
        return withUnsafeTemporaryAllocation(byteCount: blockSize + text.count, alignment: 8) { buffer in
            buffer.initializeMemory(as: UInt8.self, repeating: padding)
            for position in 0..<key.count { buffer[position] ^= key[position] }
            UnsafeMutableRawBufferPointer(rebasing: buffer[blockSize...]).copyMemory(from: text)
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(buffer))
            return hash.finalize()
        }
    }
}
