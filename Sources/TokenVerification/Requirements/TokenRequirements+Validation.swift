extension TokenRequirements {
    /// Refuses requirements that contradict themselves or that an authority's answers can't satisfy.
    func validate(for authority: some TokenAuthority) throws(ConfigurationError) {
        if leeway < .zero { throw ConfigurationError("the leeway must not be negative, but is \(leeway)") }
        if let maximumAge, maximumAge < .zero {
            throw ConfigurationError("the maximum age must not be negative, but is \(maximumAge)")
        }
        if prefixes.contains(where: \.isEmpty) {
            throw ConfigurationError("a token prefix must not be empty: it would accept any token")
        }
        if prefixes.contains(where: { !$0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }) {
            throw ConfigurationError(
                "a token prefix must be visible ASCII; a token can't begin with another character"
            )
        }
        if let scope = scopes.first(where: { !Self.isScopeToken($0) }) {
            throw ConfigurationError(
                "a required scope is visible ASCII without spaces, quotes and back-slashes (RFC 6749 §3.3), "
                    + "so no token can have the scope \(scope.debugDescription)"
            )
        }
        guard !authority.namesAudienceAndIssuer else { return }
        if !audiences.isEmpty || issuer != nil {
            throw ConfigurationError(
                "\(authority.identity.kind) names neither the audience nor the issuer of a token, so requiring "
                    + "either would refuse every token"
            )
        }
    }
    /// `scope-token` of RFC 6749 §3.3; anything else could not be told to a client either.
    private static func isScopeToken(_ scope: String) -> Bool {
        !scope.isEmpty && scope.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}
