import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

/// Which answers are about an access token that a bearer may use.
@Suite(.timeLimit(.minutes(10))) struct TokenKindTests {
    private let scene = Scene()

    private func reason(
        _ members: String,
        _ requirements: TokenRequirements = .none
    ) throws -> VerificationError.Reason? {
        let claims = try Claims(json: Array("{\"active\":true\(members.isEmpty ? "" : ",")\(members)}".utf8))
        let now = scene.clock.now
        guard case .accepted(let token, _) = try IntrospectionAnswer.verdict(claims, verifiedAt: now) else {
            return .refused
        }
        do throws(VerificationError) {
            try requirements.check(token, at: now)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(arguments: [
        "", #""token_type":"Bearer""#, #""token_type":"bearer","typ":"Bearer""#, #""token_type":"BEARER""#,
        #""token_use":"access_token","token_type":"Bearer""#, #""token_use":"access""#,
        #""token_use":"ACCESS_TOKEN""#, #""token_usage":"access_token""#, #""token_type":"access_token""#,
        #""token_type":"urn:ietf:params:oauth:token-type:access_token""#, #""typ":"JWT""#, #""typ":"at+jwt""#,
        #""typ":"application/at+jwt""#, #""typ":"STATEFUL""#, #""typ":7"#,
        #""token_use":null,"typ":null,"token_type":null,"token_usage":null"#,
        #""token_type":"urn:ietf:params:oauth:token-type:jwt""#,
        #""id_token":"x","token_types":"refresh_token","TYP":"Refresh""#,
        #""x":{"typ":"Refresh","cnf":{"jkt":"y"}}"#,
    ])
    func `pass that are access tokens or say nothing of it`(members: String) throws {
        #expect(try reason(members) == nil)
    }

    @Test(arguments: [
        #""token_use":"refresh_token""#, #""token_use":"refresh""#, #""token_use":"id""#, #""token_use":"""#,
        #""token_use":["access_token"]"#, #""token_use":true"#, #""token_usage":"refresh_token""#,
        #""typ":"Refresh""#, #""typ":"Offline""#, #""typ":"ID""#, #""typ":"id""#, #""typ":"Logout""#,
        #""typ":"Serialized-ID""#, #""typ":"logout+jwt""#, #""typ":"application/logout+jwt""#,
        #""typ":"RegistrationAccessToken""#, #""token_type":"refresh_token""#, #""token_type":"Refresh""#,
        #""token_type":"Refresh Token""#, #""token_type":"id_token""#, #""token_type":"N_A""#,
        #""token_type":"urn:ietf:params:oauth:token-type:refresh_token""#, #""token_type":1"#,
        #""token_use":"access_token","typ":"Refresh""#, #""token_type":"Bearer","typ":"Offline""#,
    ])
    func `are refused that are other tokens`(members: String) throws {
        #expect(try reason(members) == .notAccessToken)
        #expect(VerificationError(.notAccessToken).code == .invalidToken)
    }

    @Test func `pass if their kind is accepted as well`() throws {
        let requirements = TokenRequirements(furtherKinds: [
            "Refresh", "urn:ietf:params:oauth:token-type:id_token",
        ])
        #expect(try reason(#""typ":"refresh""#, requirements) == nil)
        #expect(try reason(#""token_use":"id_token""#, requirements) == nil)
        #expect(try reason(#""token_use":"id_token","typ":"Logout""#, requirements) == .notAccessToken)
        #expect(try reason(#""token_use":"refresh_token""#, requirements) == .notAccessToken)
        #expect(try reason(#""token_type":"Bearer""#, requirements) == nil)
    }

    /// The Kelvin sign is the letter k in lower case, and another text.
    @Test func `are told apart by the bytes of their kind`() throws {
        let name = "refresh_to\u{212A}en"
        #expect(try reason("\"typ\":\"\(name)\"") == nil)
        #expect(try reason("\"token_use\":\"access_to\u{212A}en\"") == .notAccessToken)
        #expect(try reason(#""typ":"refresh_token""#, .init(furtherKinds: [name])) == .notAccessToken)
        #expect(TokenRequirements(furtherKinds: ["K"]) != TokenRequirements(furtherKinds: ["\u{212A}"]))
        #expect(TokenRequirements(scopes: ["K"]) != TokenRequirements(scopes: ["\u{212A}"]))
    }

    @Test(arguments: [
        #""cnf":{"jkt":"x"}"#, #""cnf":{"x5t#S256":"x"},"token_type":"Bearer""#, #""token_type":"DPoP""#,
        #""token_type":"dpop","token_use":"access_token""#, #""typ":"DPoP""#, #""token_type":"pop""#,
        #""cnf":"x""#,
        #""cnf":false"#,
    ])
    func `are refused that are bound to their sender, unless that is allowed`(members: String) throws {
        #expect(try reason(members) == .senderConstrained)
        #expect(VerificationError(.senderConstrained).code == .invalidToken)
        #expect(try reason(members, TokenRequirements(boundTokens: .accept)) == nil)
    }

    @Test func `are not bound by a cnf that says nothing`() throws {
        #expect(try reason(#""cnf":null"#) == nil)
        #expect(try reason(#""cnf":{}"#) == nil)
        #expect(try reason(#""cnf":{"jkt":null,"x5t#S256":null}"#) == nil)
        #expect(try reason(#""cnf":{"jkt":null,"x5t#S256":"x"}"#) == .senderConstrained)
    }

    @Test func `refuse a bound refresh token that is only allowed to be bound`() throws {
        let requirements = TokenRequirements(boundTokens: .accept)
        #expect(try reason(#""cnf":{"jkt":"x"},"typ":"Refresh""#, requirements) == .notAccessToken)
    }

    /// The store has what the authority said, so each verifier decides by its own options, on a hit as well.
    @Test(arguments: CacheKind.allCases)
    func `are judged by each verifier on every use`(kind: CacheKind) async throws {
        let authority = ScriptedAuthority { [scene] _ in
            let claims = Claims([
                "cnf": .object(["jkt": .string("x")]), "token_use": .string("refresh_token"),
            ])
            return .accepted(
                VerifiedToken(.init(verifiedAt: scene.clock.now, claims: claims)),
                cacheable: true
            )
        }
        let cache = try scene.cache(kind)
        func verifier(_ requirements: TokenRequirements) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
            try AuthorityTokenVerifier(authority: authority, requiring: requirements, cache: cache)
        }
        let kinds: Set = ["refresh_token"]
        let strict = try verifier(.none)
        let unbound = try verifier(TokenRequirements(furtherKinds: kinds))
        let loose = try verifier(TokenRequirements(furtherKinds: kinds, boundTokens: .accept))
        for _ in 1...2 {
            _ = try await loose.source("abc")
            await expect(.notAccessToken) { try await strict.source("abc") }
            await expect(.senderConstrained) { try await unbound.source("abc") }
        }
        #expect(authority.questions == 1)
    }
}
