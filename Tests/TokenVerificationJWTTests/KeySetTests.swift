import CacheStoresTesting
import Foundation
import Testing
import TokenVerification
import TokenVerificationJWT

@Suite(.timeLimit(.minutes(10)))
struct KeySetTests {
    @Test func `skips and counts keys that can't be used, and keeps the others`() throws {
        let good = try TestKey().json()
        let rsa = try TestKey("RS256", name: "rsa").json()
        let modulus = try required(rsa.split(separator: #""n":""#).last?.split(separator: "\"").first)
        let small = base64URL(Data([0xFF] + [UInt8](repeating: 0, count: 126) + [1]))
        let padded = base64URL(Data([0] + [UInt8](repeating: 0xFF, count: 256)))
        let zeros = base64URL(Data(repeating: 0, count: 32))
        // The prime of P-256's field, which is no coordinate.
        let field = "_____wAAAAEAAAAAAAAAAAAAAAD_______________8"
        let cases: [(String, JSONWebKey.Flaw)] = [
            (#"{"kty":"oct","k":"c2VjcmV0","alg":"HS256"}"#, .symmetric),
            (try TestKey().json(#","d":"AQAB""#), .private),
            (try TestKey("EdDSA").json(#","d":"AQAB""#), .private),
            (#"{"kty":"RSA","n":"\#(small)","e":"AQAB"}"#, .size),
            (#"{"kty":"RSA","n":"\#(modulus)","e":"AQAA"}"#, .malformed),
            (#"{"kty":"RSA","n":"\#(modulus)","e":"AQ"}"#, .malformed),
            (#"{"kty":"RSA","n":"\#(modulus)","e":"AAEAAQ"}"#, .malformed),
            (#"{"kty":"RSA","n":"\#(modulus)","e":"AQABAQABAQAB"}"#, .malformed),
            (#"{"kty":"RSA","n":"\#(modulus)==","e":"AQAB"}"#, .malformed),
            (#"{"kty":"RSA","n":"\#(padded)","e":"AQAB"}"#, .malformed),
            (#"{"kty":"RSA","n":"","e":""}"#, .malformed),
            (#"{"kty":"RSA"}"#, .malformed),
            (#"{"kty":"EC","crv":"P-256","x":"\#(zeros)","y":"\#(zeros)"}"#, .malformed),
            (#"{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}"#, .malformed),
            (#"{"kty":"EC","crv":"P-256","x":"\#(field)","y":"\#(zeros)"}"#, .malformed),
            (try TestKey().json().replacing(#""x":""#, with: #""x":"AA"#), .malformed),
            (try TestKey().json().replacing("P-256", with: "P-384"), .malformed),
            (#"{"kty":"EC","crv":"P-384","x":"\#(zeros)","y":"\#(zeros)"}"#, .malformed),
            (#"{"kty":"EC","crv":"secp256k1","x":"\#(zeros)","y":"\#(zeros)"}"#, .unknownType),
            (#"{"kty":"OKP","crv":"Ed25519","x":"AQ"}"#, .malformed),
            (#"{"kty":"OKP","crv":"X25519","x":"\#(zeros)"}"#, .unknownType),
            (#"{"kty":"AKP"}"#, .unknownType), (#"{"kty":1}"#, .malformed), ("{}", .malformed),
            ("1", .malformed),
            (try TestKey().json(#","use":"enc""#), .otherUse),
            (try TestKey().json(#","use":1"#), .otherUse),
            (try TestKey().json(#","key_ops":["sign"]"#), .otherUse),
            (try TestKey().json(#","key_ops":"verify""#), .malformed),
            (try TestKey().json(#","alg":"RS256""#), .otherUse),
            (try TestKey().json(#","alg":"HS256""#), .otherUse),
            (try TestKey().json(#","alg":1"#), .malformed),
            (#"{"kty":"EC","crv":"P-256","kid":1,"x":"\#(zeros)","y":"\#(zeros)"}"#, .malformed),
        ]
        for (text, flaw) in cases {
            let set = try keySet(text, good)
            #expect(set.skipped == [flaw: 1], "\(text)")
            #expect(set.keys.map(\.keyID) == ["k1"], "\(text)")
        }
    }

    @Test func `accepts keys whose use, operations and algorithm are for signatures`() throws {
        let key = try TestKey().json(#","use":"sig","key_ops":["verify"],"alg":"ES256","x5c":[],"ext":true"#)
        let set = try keySet(key)
        #expect(set.keys.map(\.algorithm) == [.es256])
        #expect(set.skipped.isEmpty)
    }

    @Test func `reads 1 000 keys and refuses one more, and a set over 1 MiB`() throws {
        let key = try TestKey().json()
        let keys = (0..<1_000).map { key.replacing(#""kid":"k1""#, with: #""kid":"\#($0)""#) }
        #expect(
            try JSONWebKeySet(json: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)).keys.count
                == 1_000
        )
        let more = #"{"keys":[\#((keys + [keys[0]]).joined(separator: ","))]}"#
        #expect(throws: ConfigurationError.self) { try JSONWebKeySet(json: Array(more.utf8)) }
        let large = #"{"keys":[],"x":"\#(String(repeating: "x", count: 1 << 20))"}"#
        #expect(throws: ConfigurationError.self) { try JSONWebKeySet(json: Array(large.utf8)) }
    }

    @Test(arguments: [
        "", "<html></html>", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[],"keys":[]}"#, #"{"keys":[]}x"#,
    ])
    func `refuses what is no key set`(text: String) {
        #expect(throws: ConfigurationError.self) { try JSONWebKeySet(json: Array(text.utf8)) }
    }

    @Test func `reads random changes of a set without a trap`() throws {
        var generator = SplitMix64(seed: 19)
        let keys = try ["ES256", "RS256", "EdDSA", "ES512"].map { try TestKey($0).json() }
        let original = Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8)
        for _ in 0..<200 {
            var text = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: text.indices, using: &generator)
                text[place] =
                    Bool.random(using: &generator)
                    ? UInt8.random(in: 0...255, using: &generator)
                    : Array("AQ09_-".utf8).randomElement(using: &generator) ?? 0
            }
            if let set = try? JSONWebKeySet(json: text) {
                #expect(set.keys.count + set.skipped.values.reduce(0, +) <= 4)
            }
        }
    }
}
