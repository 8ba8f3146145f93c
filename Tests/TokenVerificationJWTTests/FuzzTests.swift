import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationJWT

/// Tokens and key sets that are changed at random: each is judged as the rules of RFC 7519, 8725 and 7517 say, and none traps.
///
/// Signatures are right, so that the rules behind them are reached.
@Suite(.timeLimit(.minutes(10)))
struct FuzzTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]

    private let key: TestKey
    private let issuer: JWTIssuer

    init() throws {
        key = try TestKey()
        issuer = try TokenVerificationJWTTests.issuer(keySet(key.json()))
    }

    @Test(arguments: seeds)
    func `accepts a token exactly if every member of header and payload is as it must be`(
        seed: UInt64
    )
        async throws
    {
        var generator = SplitMix64(seed: seed)
        var accepted = 0
        for round in 0..<500 {
            var header = RandomObject(["alg": .text("ES256"), "kid": .text("k1"), "typ": .text("JWT")])
            var body = RandomObject([
                "iss": .text(issuerName), "aud": .text(audience), "sub": .text("alice"),
                "exp": RandomJSON("1003600", .integer(1_003_600)),
            ])
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                if Int.random(in: 0..<3, using: &generator) == 0 {
                    header.change(adding: Self.headerNames, using: &generator)
                } else {
                    body.change(adding: Self.claimNames, using: &generator)
                }
            }
            let token = try key.token(header: "\(header)", payload: "\(body)")
            let reason = await reason(issuer, token)
            let isRight = isRight(header) && isRight(claims: body)
            #expect(
                (reason == nil) == isRight,
                "round \(round): \(header) \(body): \(String(describing: reason))"
            )
            accepted += isRight ? 1 : 0
        }
        #expect((50..<450).contains(accepted), "\(accepted)")
    }

    private static let headerNames = [
        "alg", "kid", "typ", "crit", "b64", "zip", "jwk", "jku", "x5u", "cty", "enc", "x",
    ]
    private static let claimNames = [
        "iss", "aud", "exp", "nbf", "iat", "sub", "client_id", "azp", "scope", "scp", "at_hash", "events",
        "x",
    ]

    private func isRight(_ header: RandomObject) -> Bool {
        guard header.isValid, header["alg"] == .text("ES256") else { return false }
        guard [nil, .text("k1")].contains(header["kid"]) else { return false }
        let types = ["JWT", "jwt", "at+JWT", "application/at+jwt"]
        guard header["typ"] == nil || types.contains(where: { header["typ"] == .text($0) }) else {
            return false
        }
        return !["crit", "b64", "zip", "jwk", "cty", "enc"].contains { header[$0] != nil }
    }

    private func isRight(claims: RandomObject) -> Bool {
        guard claims.isValid, claims["iss"] == .text(issuerName), isText(claims["sub"]),
            isText(claims["client_id"])
        else { return false }
        if claims["client_id"] == nil, !isText(claims["azp"]) { return false }
        guard claims["at_hash"] == nil, claims["events"] == nil else { return false }
        switch claims["aud"] {
        case .text(audience): break
        case .texts(let names) where names.contains(audience): break
        default: return false
        }
        guard isScopes(claims["scope"]), claims["scope"] != nil || isScopes(claims["scp"]) else {
            return false
        }
        guard case .integer(let end) = claims["exp"], (1_000_001...1 << 42).contains(end) else {
            return false
        }
        return ["nbf", "iat"].allSatisfy { name in
            switch claims[name] {
            case nil: true
            case .integer(let moment): (0...1 << 42).contains(moment)
            default: false
            }
        }
    }

    private func isText(_ value: RandomJSON.Meaning?) -> Bool {
        if case .text = value { true } else { value == nil }
    }

    private func isScopes(_ value: RandomJSON.Meaning?) -> Bool {
        if case .texts = value { true } else { isText(value) }
    }

    @Test(arguments: seeds)
    func `takes of a changed key set exactly the keys whose members are as they must be`(seed: UInt64) throws
    {
        var generator = SplitMix64(seed: seed)
        let original = try key.json()
        let point = original.split(separator: "\"").map(String.init)
        let coordinates = (x: try member("x", of: point), y: try member("y", of: point))
        var accepted = 0
        for round in 0..<500 {
            var changed = RandomObject([
                "kty": .text("EC"), "crv": .text("P-256"), "x": .text(coordinates.x),
                "y": .text(coordinates.y),
            ])
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                changed.change(adding: Self.keyNames, using: &generator)
            }
            let text = #"{"keys":[\#(changed),\#(original)]}"#
            guard changed.isValid else {
                #expect(throws: ConfigurationError.self) { try JSONWebKeySet(json: Array(text.utf8)) }
                continue
            }
            let set = try JSONWebKeySet(json: Array(text.utf8))
            let isRight = isRight(key: changed, coordinates)
            #expect(set.keys.count == (isRight ? 2 : 1), "round \(round): \(changed): \(set.skipped)")
            #expect(set.skipped.values.reduce(0, +) == (isRight ? 0 : 1))
            accepted += isRight ? 1 : 0
        }
        #expect((50..<450).contains(accepted), "\(accepted)")
    }

    private static let keyNames = [
        "kid", "alg", "use", "key_ops", "d", "k", "p", "q", "oth", "n", "x5c", "ext", "crv",
    ]

    private func isRight(key: RandomObject, _ coordinates: (x: String, y: String)) -> Bool {
        guard key["kty"] == .text("EC"), key["crv"] == .text("P-256"), key["x"] == .text(coordinates.x),
            key["y"] == .text(coordinates.y), isText(key["kid"])
        else { return false }
        guard [nil, .text("ES256")].contains(key["alg"]), [nil, .text("sig")].contains(key["use"]),
            key["key_ops"] == nil
        else { return false }
        return !["d", "k", "p", "q", "oth"].contains { key[$0] != nil }
    }

    private func member(_ name: String, of words: [String]) throws -> String {
        let place = try required(words.firstIndex(of: name))
        return words[place + 2]
    }

    @Test func `refuses or accepts changed bytes without a trap`() async throws {
        var generator = SplitMix64(seed: 20_261_129)
        let header = Array(#"{"alg":"ES256","kid":"k1","typ":"JWT"}"#.utf8)
        let body = Array(payload(["aud": #"["\#(audience)"]"#]).utf8)
        for _ in 0..<400 {
            var (header, body) = (header, body)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let byte = UInt8.random(in: 0...255, using: &generator)
                if Bool.random(using: &generator) {
                    header[Int.random(in: header.indices, using: &generator)] = byte
                } else {
                    body[Int.random(in: body.indices, using: &generator)] = byte
                }
            }
            _ = await reason(issuer, try key.token(header: header, payload: body))
        }
    }

    @Test func `reads whole tokens of random bytes without a trap, and accepts none`() async throws {
        var generator = SplitMix64(seed: 7)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_...".utf8)
        for _ in 0..<400 {
            let length = Int.random(in: 1...200, using: &generator)
            let text = (0..<length).compactMap { _ in alphabet.randomElement(using: &generator) }
            #expect(await reason(issuer, String(decoding: text, as: UTF8.self)) != nil)
        }
    }
}
