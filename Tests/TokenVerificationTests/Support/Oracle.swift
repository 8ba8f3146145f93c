import CacheStores

/// Knows each token's true state, and so which answers a cache may give.
struct Oracle {
    /// The tokens that the authority refuses.
    private(set) var revoked: Set<String> = []
    /// Until when an answer may be kept that was given before its token was revoked.
    private var keptUntil: [String: Timestamp] = [:]

    /// Whether it is right to accept a token, or not to accept it.
    func allows(_ isAccepted: Bool, for token: String, at now: Timestamp) -> Bool {
        guard revoked.contains(token) else { return isAccepted }
        return !isAccepted || keptUntil[token].map { now < $0 } ?? false
    }

    /// Revokes a token, or takes that back.
    mutating func change(_ token: String) {
        revoked.formSymmetricDifference([token])
    }

    /// Notes that the authority's answer about a token may have been given, and may have been kept.
    mutating func noteUse(of token: String, keptUntil end: Timestamp) {
        if !revoked.contains(token) { keptUntil[token] = end }
    }

    /// Notes that a token, or every token, was forgotten for certain.
    mutating func noteForgetting(of token: String?) {
        if let token { keptUntil[token] = nil } else { keptUntil = [:] }
    }
}
