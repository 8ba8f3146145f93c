import CacheStoresTesting
import Crypto
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct RecordKeyTests {
    private func key(_ material: [UInt8], _ salt: [UInt8], _ info: [UInt8]) -> [UInt8] {
        material.withUnsafeBytes { material in
            salt.withUnsafeBytes { salt in
                info.withUnsafeBytes { info in Array(RecordKey.derive(material, salt: salt, info: info)) }
            }
        }
    }

    /// The first 32 bytes of the output in RFC 5869, appendix A.1 and A.3.
    @Test func `are those of RFC 5869`() throws {
        let material = [UInt8](repeating: 0x0B, count: 22)
        let first = try #require(
            [UInt8](hexadecimal: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")
        )
        #expect(key(material, Array(0x00...0x0C), Array(0xF0...0xF9)) == first)
        let third = try #require(
            [UInt8](hexadecimal: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
        )
        #expect(key(material, [], []) == third)
    }

    @Test func `are those of swift-crypto, whatever the lengths`() {
        var generator = SplitMix64()
        for length in [0, 1, 31, 32, 40, 63, 64, 65, 900, 8_192] {
            for saltLength in [0, 1, 32, 63, 64] {
                let material = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
                let salt = (0..<saltLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
                let info = [UInt8](repeating: 7, count: 32)
                let wanted = HKDF<SHA256>.deriveKey(
                    inputKeyMaterial: SymmetricKey(data: material),
                    salt: salt,
                    info: info,
                    outputByteCount: 32
                )
                #expect(
                    key(material, salt, info) == wanted.withUnsafeBytes(Array.init),
                    "seed \(SplitMix64.fuzzSeed)"
                )
            }
        }
    }
}
