import CacheStores
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct TokenRequirementsTests {
    private static let now = Timestamp(millisecondsSince1970: 1_000_000_000_000)

    private func check(
        _ requirements: TokenRequirements,
        _ change: (inout VerifiedToken.Content) -> Void
    ) -> VerificationError.Reason? {
        var content = VerifiedToken.Content(verifiedAt: Self.now)
        change(&content)
        do throws(VerificationError) {
            try requirements.check(VerifiedToken(content), at: Self.now)
            return nil
        } catch {
            return error.reason
        }
    }

    private static func after(_ milliseconds: Int64) -> Timestamp {
        now.advanced(by: .milliseconds(milliseconds))
    }

    @Test func `ask nothing of a token that says nothing`() {
        #expect(check(.none) { _ in } == nil)
    }

    @Test(arguments: [(Int64(-1), false), (0, false), (1, true)])
    func `T10 end a token at its expiry, without leeway`(milliseconds: Int64, isAccepted: Bool) {
        let requirements = TokenRequirements(leeway: .seconds(3_600))
        let reason = check(requirements) { $0.expiry = Self.after(milliseconds) }
        #expect(reason == (isAccepted ? nil : .expired))
    }

    @Test(arguments: [(Int64(60_000), true), (60_001, false), (-5, true)])
    func `T10 allow a leeway for the beginning`(milliseconds: Int64, isAccepted: Bool) {
        let expected: VerificationError.Reason? = isAccepted ? nil : .notYetValid
        #expect(check(.none) { $0.notBefore = Self.after(milliseconds) } == expected)
        #expect(check(.none) { $0.issuedAt = Self.after(milliseconds) } == expected)
    }

    @Test func `bound the age`() {
        let requirements = TokenRequirements(maximumAge: .seconds(10))
        #expect(check(requirements) { $0.issuedAt = Self.after(-10_000) } == nil)
        #expect(check(requirements) { $0.issuedAt = Self.after(-10_001) } == .tooOld)
        #expect(check(requirements) { _ in } == .tooOld)
    }

    @Test func `compare the issuer exactly`() {
        let requirements = TokenRequirements(issuer: "https://issuer")
        #expect(check(requirements) { $0.issuer = "https://issuer" } == nil)
        #expect(check(requirements) { $0.issuer = "https://issuer/" } == .wrongIssuer)
        #expect(check(requirements) { _ in } == .wrongIssuer)
    }

    @Test func `T8 want one of the audiences`() {
        let requirements = TokenRequirements(audiences: ["a", "b"])
        #expect(check(requirements) { $0.audiences = ["x", "b"] } == nil)
        #expect(check(requirements) { $0.audiences = ["x"] } == .wrongAudience)
        #expect(check(requirements) { $0.audiences = [] } == .wrongAudience)
    }

    /// Unicode takes the Kelvin sign for the letter K, and the same marks in two orders for one text.
    @Test func `compare issuer and audiences byte by byte`() throws {
        let pairs = [("K", "\u{212A}"), ("\u{E9}", "e\u{301}"), ("a\u{323}\u{307}", "a\u{307}\u{323}")]
        for (one, other) in pairs {
            #expect(check(TokenRequirements(issuer: one)) { $0.issuer = other } == .wrongIssuer)
            #expect(check(TokenRequirements(audiences: [one])) { $0.audiences = [other] } == .wrongAudience)
            #expect(check(TokenRequirements(audiences: [one, other])) { $0.audiences = [other] } == nil)
            #expect(TokenRequirements(issuer: one) != TokenRequirements(issuer: other))
            var content = VerifiedToken.Content(verifiedAt: Self.now)
            content.subject = one
            content.clientID = one
            content.scopes = [one]
            let token = VerifiedToken(content)
            #expect(!token.hasScope(other))
            content.subject = other
            #expect(token != VerifiedToken(content))
            let names = [one, other].map { AuthorityIdentity(kind: "a", parameters: ["client": $0]) }
            #expect(Set(names).count == 2)
            #expect(try ClientSecret(one) != ClientSecret(other))
        }
    }

    @Test func `T9 want every scope, exactly`() {
        let requirements = TokenRequirements.scopes("repo", "user")
        for others in [[], ["x"], "abcdefghijklm".map(String.init)] {
            let others = Set(others)
            #expect(check(requirements) { $0.scopes = others.union(["user", "repo"]) } == nil)
            for scopes in [[], ["repo"], ["repo", "User"], ["repo", "user:email"]] {
                #expect(check(requirements) { $0.scopes = others.union(scopes) } == .missingScope)
            }
        }
        // Unicode takes the Kelvin sign for the letter K.
        #expect(check(.scopes("K")) { $0.scopes = ["\u{212A}"] } == .missingScope)
        #expect(check(requirements) { $0.scopes = nil } == .missingScope)
        #expect(check(.none) { $0.scopes = nil } == nil)
    }

    @Test func `know a token by how it begins`() throws {
        let requirements = TokenRequirements(prefixes: ["gho_", "ghp_"])
        try requirements.check(BearerToken("ghp_x"))
        #expect(throws: VerificationError(.unknownPrefix)) { try requirements.check(BearerToken("xghp_")) }
        // Unicode takes the Kelvin sign for the letter K.
        let kelvin = TokenRequirements(prefixes: ["\u{212A}_"])
        #expect(throws: VerificationError(.unknownPrefix)) { try kelvin.check(BearerToken("K_a")) }
    }

    @Test(arguments: [
        TokenRequirements(maximumAge: .seconds(-1)), TokenRequirements(leeway: .milliseconds(-1)),
        TokenRequirements(prefixes: ["a", ""]), TokenRequirements(prefixes: ["\u{212A}_"]), .scopes(""),
        .scopes("a b"), .scopes("a\"b"), .scopes("é"),
    ])
    func `are refused when they make no sense`(requirements: TokenRequirements) throws {
        let cache = try TokenCache(timeToLive: nil)
        #expect(throws: ConfigurationError.self) {
            try AuthorityTokenVerifier(authority: Scene().accepting(), requiring: requirements, cache: cache)
        }
    }

    @Test func `are short to write with an audience`() {
        let requirements = TokenRequirements.scopes("read", "write", audience: "https://api.example")
        #expect(
            requirements == TokenRequirements(scopes: ["read", "write"], audiences: ["https://api.example"])
        )
        #expect(TokenRequirements.scopes("read") == TokenRequirements(scopes: ["read"]))
    }
}
