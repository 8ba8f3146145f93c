import CacheStores

/// How the marks on one authority's tokens are found and judged.
struct MarkRule: Sendable {
    /// What the marks are bound to: the authority whose answers they end, or the issuer of signed tokens.
    let scope: QuestionContext
    /// The authority, if it verifies signatures; `nil` for opaque tokens.
    let signed: (any SignedTokenAuthority)?

    init(_ authority: some TokenAuthority, _ context: QuestionContext) {
        signed = authority as? any SignedTokenAuthority
        let issuer = signed.map {
            AuthorityIdentity(kind: "signed tokens", parameters: ["issuer": $0.markScope])
        }
        scope = issuer.map(QuestionContext.init) ?? context
    }
}
