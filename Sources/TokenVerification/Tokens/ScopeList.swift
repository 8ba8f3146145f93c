/// Scopes, each once and in order: an array takes less room than a set, and less time to make and to let go of.
package struct ScopeList: Sendable, Hashable {
    /// The scopes, in ascending order.
    package let texts: [String]

    /// Makes a list of scopes in any order, which may occur several times.
    package init(_ texts: [String]) {
        self.texts = Self.isAscending(texts) ? texts : Set(texts).sorted()
    }

    package var set: Set<String> { Set(texts) }

    /// Whether a scope is among these, exactly as it is written.
    package func contains(_ scope: String) -> Bool {
        var candidates = texts[...]
        // To compare the last few takes less time than to halve them.
        while candidates.count > 8 {
            let half = candidates.count / 2
            let isBefore = scope < candidates[candidates.startIndex + half]
            candidates = isBefore ? candidates.prefix(half) : candidates.dropFirst(half)
        }
        return candidates.contains(scope)
    }

    private static func isAscending(_ texts: [String]) -> Bool {
        zip(texts, texts.dropFirst()).allSatisfy { $0 < $1 }
    }
}
