/// The result of a look-up in the store.
enum StoredAnswer {
    case none
    /// Not known: the store failed, took too long, or its breaker is open.
    case unknown
    /// An answer that is too old for this process.
    case stale(VerifiedToken)
    case fresh(VerifiedToken)
}

extension StoredAnswer {
    /// Whether the store holds nothing, for certain.
    var isNone: Bool { if case .none = self { true } else { false } }

    var isStale: Bool { if case .stale = self { true } else { false } }
}
