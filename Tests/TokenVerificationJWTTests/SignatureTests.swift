import CacheStores
import CacheStoresTesting
import Foundation
import Testing
import TokenVerification
import TokenVerificationJWT

@Suite(.timeLimit(.minutes(10)))
struct SignatureTests {
    @Test(arguments: SigningAlgorithm.allCases)
    func `accepts a token of each algorithm`(algorithm: SigningAlgorithm) async throws {
        let key = try TestKey("\(algorithm)")
        let issuer = try issuer(keySet(key.json()))
        let token = try await result(of: issuer, key.token(payload: payload())).get()
        #expect(token.subject == "alice")
        #expect(token.audiences == [audience])
        #expect(token.expiry?.millisecondsSince1970 == 1_003_600_000)
        #expect(
            token.claims[JWTIssuer.thumbprintClaim]?.string == (try keySet(key.json())).keys[0].thumbprint
        )
    }

    @Test(arguments: ["ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA"])
    func `refuses every change of one character`(algorithm: String) async throws {
        let key = try TestKey(algorithm)
        let issuer = try issuer(keySet(key.json()))
        let token = try Array(key.token(payload: payload()).utf8)
        for place in token.indices {
            // Other tests share the threads, and each turn there may take a while.
            if place.isMultiple(of: 32) { await Task.yield() }
            for other in [UInt8(ascii: "A"), UInt8(ascii: "b"), UInt8(ascii: "-")] where token[place] != other
            {
                var changed = token
                changed[place] = other
                let reason = await reason(issuer, String(decoding: changed, as: UTF8.self))
                #expect(reason != nil, "character \(place) as \(other)")
            }
        }
    }

    /// The bytes that the parts of a token stand for; the test above changes their encoding.
    @Test(arguments: ["ES256", "ES384", "RS256", "PS256", "EdDSA"])
    func `refuses every change of one byte of header, payload and signature`(algorithm: String) async throws {
        let key = try TestKey(algorithm)
        let issuer = try issuer(keySet(key.json()))
        let parts = try key.token(payload: payload()).split(separator: ".")
            .map { try required(bytes(ofBase64URL: String($0))) }
        var generator = SplitMix64(seed: 19)
        for part in parts.indices {
            for place in parts[part].indices {
                await Task.yield()
                var changed = parts
                changed[part][place] ^= UInt8.random(in: 1...255, using: &generator)
                let token = changed.map { base64URL(Data($0)) }.joined(separator: ".")
                #expect(await reason(issuer, token) != nil, "byte \(place) of part \(part)")
            }
        }
    }

    @Test(arguments: ["ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA"])
    func `refuses signatures of another length, and extreme ones`(algorithm: String) async throws {
        let key = try TestKey(algorithm)
        let keys = try keySet(key.json())
        let algorithm = try required(SigningAlgorithm(algorithm))
        let input = Array("header.payload".utf8)
        let good = Array(try key.signature(of: Data(input)))
        let half = good.count / 2
        let (left, right) = (Array(good[..<half]), Array(good[half...]))
        let (zeros, ones) = (
            [UInt8](repeating: 0, count: half), [UInt8](repeating: 0xFF, count: half)
        )
        let one = Array(zeros.dropLast()) + [1]
        let bad: [[UInt8]] = [
            [], [0], Array(good.dropLast()), Array(good.dropFirst()), good + [0], [0] + good, good + good,
            left,
            zeros + zeros, ones + ones, zeros + right, left + zeros, ones + right, left + ones, right + left,
            one + one, left + left, [0] + left + [0] + right, derEncoded(left, right),
        ]
        #expect(keys.keys[0].verifies(good, of: input, by: algorithm))
        for signature in bad {
            #expect(!keys.keys[0].verifies(signature, of: input, by: algorithm), "\(signature)")
        }
    }

    @Test func `refuses an ES256 signature whose numbers are the curve's order`() async throws {
        let key = try TestKey("ES256")
        let keys = try keySet(key.json())
        let input = Array("header.payload".utf8)
        let order = try required(bytes(ofBase64URL: "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE"))
        let good = Array(try key.signature(of: Data(input)))
        #expect(keys.keys[0].verifies(good, of: input, by: .es256))
        for bad in [order + good[32...], good[..<32] + order, order + order] {
            #expect(!keys.keys[0].verifies(Array(bad), of: input, by: .es256))
        }
    }

    @Test func `refuses an EdDSA signature whose number is larger by the group's order`() async throws {
        let key = try TestKey("EdDSA")
        let keys = try keySet(key.json())
        let input = Array("header.payload".utf8)
        // 2^252 + 27742317777372353535851937790883648493, least significant byte first (RFC 8032 §5.1).
        let order: [UInt8] = [
            0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        let good = Array(try key.signature(of: Data(input)))
        #expect(keys.keys[0].verifies(good, of: input, by: .edDSA))
        var other = good
        var carry = 0
        for place in order.indices {
            let sum = Int(other[32 + place]) + Int(order[place]) + carry
            other[32 + place] = UInt8(truncatingIfNeeded: sum)
            carry = sum >> 8
        }
        #expect(!keys.keys[0].verifies(other, of: input, by: .edDSA))
    }

    /// The form that ECDSA signatures have outside of JOSE.
    private func derEncoded(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        func number(_ bytes: [UInt8]) -> [UInt8] {
            let digits = (bytes.first ?? 0) < 0x80 ? bytes : [0] + bytes
            return [2, UInt8(truncatingIfNeeded: digits.count)] + digits
        }
        let content = number(first) + number(second)
        return [0x30, UInt8(truncatingIfNeeded: content.count)] + content
    }

    @Test func `refuses every change of one bit`() async throws {
        let key = try TestKey()
        let issuer = try issuer(keySet(key.json()))
        let token = try Array(key.token(payload: payload()).utf8)
        for place in token.indices {
            await Task.yield()
            for bit in 0..<8 {
                var changed = token
                changed[place] ^= 1 << bit
                let reason = await reason(issuer, String(decoding: changed, as: UTF8.self))
                #expect(reason != nil, "bit \(bit) of byte \(place)")
            }
        }
    }

    @Test func `refuses a signature of another algorithm of the same key type`() async throws {
        let key = try TestKey("RS256")
        let issuer = try issuer(keySet(key.json()))
        let token = try key.token(header: #"{"alg":"PS256","kid":"k1"}"#, payload: payload())
        #expect(await reason(issuer, token) == .badSignature)
    }

    @Test func `refuses an algorithm that the key is not for`() async throws {
        let key = try TestKey("RS256")
        let issuer = try issuer(keySet(key.json(#","alg":"PS256""#)))
        #expect(await reason(issuer, try key.token(payload: payload())) == .unknownKey)
    }

    @Test func `finds the key of a token that names none`() async throws {
        let (first, second) = (try TestKey(name: "a"), try TestKey(name: "b"))
        let issuer = try issuer(keySet(first.json(), second.json()))
        let token = try second.token(header: #"{"alg":"ES256"}"#, payload: payload())
        #expect(await reason(issuer, token) == nil)
    }
}
