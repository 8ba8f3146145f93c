/// What a store had to say to a question.
enum StoredAnswer {
    case none
    /// Nobody knows: the store failed, took too long, or is left alone for a while.
    case unknown
    /// An answer that is too old for this process.
    case outdated(VerifiedToken)
    case fresh(VerifiedToken)
}
