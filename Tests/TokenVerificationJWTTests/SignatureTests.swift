import CacheStores
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

    @Test(arguments: ["ES256", "RS256", "EdDSA"])
    func `refuses every change of one byte`(algorithm: String) async throws {
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
                #expect(reason != nil, "byte \(place) as \(other)")
            }
        }
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
