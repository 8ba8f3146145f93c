import CacheStoresTesting
import Foundation
import Testing
import TokenVerification
import TokenVerificationJWT

@Suite(.timeLimit(.minutes(10)))
struct BadTokenTests {
    private let key: TestKey
    private let issuer: JWTIssuer

    init() throws {
        key = try TestKey()
        issuer = try TokenVerificationJWTTests.issuer(keySet(key.json()))
    }

    @Test func `refuses tokens of another number of parts, empty parts and other spellings`() async throws {
        let good = try key.token(payload: payload())
        let parts = good.split(separator: ".").map(String.init)
        #expect(await reason(issuer, good) == nil)
        let bad = [
            parts[0] + "." + parts[1], good + ".", good + ".x", "." + parts[1] + "." + parts[2],
            parts[0] + ".." + parts[2], parts[0] + "." + parts[1] + ".", good + "==",
            parts[0] + "+." + parts[1] + "." + parts[2], "..", "a.b.c", "abc", good.replacing(".", with: ""),
        ]
        for text in bad { #expect(await reason(issuer, text) == .unreadable, "\(text)") }
        #expect(await reason(issuer, good + ".x.y") == .wrongType)
    }

    @Test func `refuses trailing bits`() async throws {
        let good = try key.token(payload: payload())
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try required(good.last.flatMap { alphabet.firstIndex(of: $0) })
        // 64 bytes leave four bits in the last character.
        let changed = good.dropLast() + String(alphabet[last | 1])
        #expect(await reason(issuer, String(changed)) == .unreadable)
    }

    @Test func `refuses a signed header or payload with trailing bits`() async throws {
        // The last character of each leaves bits, of which one is set; the signature is right.
        let spellings = [
            (#"{"alg":"ES256","kid":"k1"} "#, payload()), (#"{"alg":"ES256","kid":"k1"}"#, payload() + " "),
        ]
        for (header, body) in spellings {
            for spaces in 0..<3 {
                let texts = [header, body].map {
                    base64URL(Data($0.utf8) + Data(repeating: 0x20, count: spaces))
                }
                #expect(await reason(issuer, try key.signed(texts.joined(separator: "."))) == nil)
                for part in texts.indices where texts[part].utf8.count % 4 != 0 {
                    var changed = texts
                    changed[part] = try withTrailingBit(changed[part])
                    let token = try key.signed(changed.joined(separator: "."))
                    #expect(await reason(issuer, token) == .unreadable, "\(token)")
                }
            }
        }
    }

    private func withTrailingBit(_ text: String) throws -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try required(text.last.flatMap { alphabet.firstIndex(of: $0) })
        return text.dropLast() + String(alphabet[last | 1])
    }

    @Test func `refuses a token in a token, and a payload that is no object`() async throws {
        let inner = try key.token(payload: payload())
        for body in [inner, "\"\(inner)\"", "[\(payload())]", "null", "1", "", "\u{FEFF}" + payload()] {
            let token = try key.token(payload: body)
            #expect(await reason(issuer, token) == .unreadable, "\(body)")
        }
    }

    @Test(arguments: [
        #"{"alg":"none","kid":"k1"}"#, #"{"alg":"es256","kid":"k1"}"#, #"{"alg":"HS256","kid":"k1"}"#,
        #"{"alg":256,"kid":"k1"}"#, #"{"kid":"k1"}"#, #"{"alg":null,"kid":"k1"}"#,
    ])
    func `refuses other algorithms`(header: String) async throws {
        let token = try key.token(header: header, payload: payload())
        #expect(await reason(issuer, token) == .algorithmNotAllowed)
    }

    @Test func `refuses an algorithm that is not listed`() async throws {
        let issuer = try TokenVerificationJWTTests.issuer(keySet(key.json()), algorithms: [.rs256])
        #expect(await reason(issuer, try key.token(payload: payload())) == .algorithmNotAllowed)
    }

    @Test(arguments: [
        #""crit":["exp"]"#, #""b64":false"#, #""zip":"DEF""#, #""jwk":{}"#, #""cty":"JWT""#,
        #""typ":"rt+jwt""#,
        #""typ":"logout+jwt""#, #""typ":"dpop+jwt""#, #""typ":"""#, #""enc":"A128GCM""#,
    ])
    func `refuses headers of other kinds`(member: String) async throws {
        let token = try key.token(header: #"{"alg":"ES256","kid":"k1",\#(member)}"#, payload: payload())
        #expect(await reason(issuer, token) == .wrongType)
    }

    @Test(arguments: [
        #""typ":"JWT""#, #""typ":"jwt""#, #""typ":"at+jwt""#, #""typ":"application/at+JWT""#,
        #""jku":"https://evil.example/keys""#, #""x5u":"https://evil.example""#,
    ])
    func `accepts types of access tokens, and follows no address`(member: String) async throws {
        let token = try key.token(header: #"{"alg":"ES256","kid":"k1",\#(member)}"#, payload: payload())
        #expect(await reason(issuer, token) == nil)
    }

    @Test(arguments: [
        #"{"alg":"ES256","alg":"ES256","kid":"k1"}"#, #"{"alg":"ES256","kid":1}"#, #"["ES256"]"#,
        "\u{FEFF}{\"alg\":\"ES256\",\"kid\":\"k1\"}", #"{"alg":"ES256","kid":"k1"} x"#,
        #"{"alg":"ES256","typ":1}"#,
    ])
    func `refuses headers that can't be read`(header: String) async throws {
        let token = try key.token(header: header, payload: payload())
        #expect(await reason(issuer, token) == .unreadable)
    }

    @Test(
        arguments: [
            ["exp": nil], ["exp": #""1003600""#], ["exp": "1003600.5"], ["exp": "1e300"], ["exp": "1.0036e6"],
            ["exp": "-1"], ["exp": "99999999999999999999"], ["exp": "null"], ["nbf": #""1""#], ["iat": "1.5"],
            ["iss": "1"], ["sub": "1"], ["aud": "1"], ["aud": #"["https://api.example",1]"#], ["scope": "1"],
        ] as [[String: String?]]
    )
    func `refuses claims of other types`(changes: [String: String?]) async throws {
        #expect(await reason(issuer, try key.token(payload: payload(changes))) == .unreadable)
    }

    @Test(
        arguments: [
            nil, #""https://issuer.example/""#, #""HTTPS://issuer.example""#,
            #""https://issuer.example\u0000""#,
        ] as [String?]
    )
    func `refuses another issuer`(name: String?) async throws {
        #expect(await reason(issuer, try key.token(payload: payload(["iss": name]))) == .wrongIssuer)
    }

    @Test func `refuses an issuer that differs by Unicode normalisation`() async throws {
        let issuer = try JWTIssuer("caf\u{E9}", audiences: .any, keys: JSONWebKeySource(keySet(key.json())))
        let token = try key.token(payload: payload(["iss": "\"cafe\u{301}\"", "exp": "4000000000"]))
        #expect(await reason(issuer, token) == .wrongIssuer)
    }

    @Test(arguments: [nil, #""https://other.example""#, "[]", #""https://api.example/""#] as [String?])
    func `refuses another audience, unless any is accepted`(name: String?) async throws {
        let token = try key.token(payload: payload(["aud": name]))
        #expect(await reason(issuer, token) == .wrongAudience)
        let lenient = try TokenVerificationJWTTests.issuer(keySet(key.json()), audiences: .any)
        #expect(await reason(lenient, token) == nil)
    }

    @Test func `refuses an expired token without leeway`() async throws {
        #expect(await reason(issuer, try key.token(payload: payload(["exp": "1000000"]))) == .expired)
        #expect(await reason(issuer, try key.token(payload: payload(["exp": "1000001"]))) == nil)
    }

    @Test(arguments: ["at_hash", "c_hash", "s_hash", "events"])
    func `refuses ID tokens and security events`(name: String) async throws {
        #expect(await reason(issuer, try key.token(payload: payload([name: #""x""#]))) == .notAccessToken)
    }

    @Test func `reads scopes and the client`() async throws {
        let first = try key.token(payload: payload(["scope": #""b a""#, "scp": #""c""#, "azp": #""web""#]))
        let token = try await result(of: issuer, first).get()
        #expect(token.orderedScopes == ["a", "b"])
        #expect(token.clientID == "web")
        let second = try key.token(
            payload: payload(["scp": #"["d","e"]"#, "client_id": #""api""#, "azp": #""web""#])
        )
        let other = try await result(of: issuer, second).get()
        #expect(other.orderedScopes == ["d", "e"])
        #expect(other.clientID == "api")
        let told = try TokenVerificationJWTTests.issuer(keySet(key.json()), scopeClaim: "permissions")
        let third = try key.token(payload: payload(["scope": #""a""#, "permissions": #"["f"]"#]))
        #expect(try await result(of: told, third).get().orderedScopes == ["f"])
        #expect(told.identity != issuer.identity)
    }

    @Test func `demands RFC 9068 where it is asked for`() async throws {
        let strict = try TokenVerificationJWTTests.issuer(keySet(key.json()), requiresProfile: true)
        let full: [String: String?] = ["client_id": #""web""#, "iat": "1000000", "jti": #""1""#]
        let header = #"{"alg":"ES256","kid":"k1","typ":"at+jwt"}"#
        #expect(await reason(strict, try key.token(header: header, payload: payload(full))) == nil)
        #expect(await reason(strict, try key.token(payload: payload(full))) == .wrongType)
        for name in ["client_id", "iat", "jti", "sub"] {
            let payload = payload(full.merging([name: nil as String?]) { $1 })
            #expect(await reason(strict, try key.token(header: header, payload: payload)) == .unreadable)
        }
    }
}
