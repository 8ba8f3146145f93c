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

    @Test func `finds the thumbprint of RFC 8037`() throws {
        let key =
            #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
        #expect(try keySet(key).keys[0].thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }

    @Test func `finds the thumbprint of RFC 7638`() throws {
        let modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        let key = #"{"kty":"RSA","n":"\#(modulus)","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#
        #expect(try keySet(key).keys[0].thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test func `verifies the ES256 example of RFC 7515`() async throws {
        let key =
            #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#
        let issuer = try JWTIssuer(
            "joe",
            audiences: .any,
            keys: JSONWebKeySource(keySet(key))
        )
        let token =
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        let verified = try await result(of: issuer, token).get()
        #expect(verified.claims["http://example.com/is_root"] == .boolean(true))
    }
}
