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
        guard !authority.namesAudienceAndIssuer else { return }
        if !audiences.isEmpty || issuer != nil {
            throw ConfigurationError(
                "\(authority.identity.kind) never says whom a token is meant for or who issued it, so a required "
                    + "audience or issuer would refuse every token"
            )
        }
    }
}
