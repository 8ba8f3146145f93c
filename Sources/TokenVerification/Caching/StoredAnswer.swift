/// The result of a look-up in the store.
enum StoredAnswer {
    case none
    /// Not known: the store failed, took too long, or its breaker is open.
    case unknown
    /// An answer that is too old for this process.
    case outdated(VerifiedToken)
    case fresh(VerifiedToken)
}
