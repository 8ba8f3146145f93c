/// Scopes, each once and in order: an array takes less room than a set, and less time to make and to let go of.
///
/// Scopes are told apart byte by byte, as RFC 6749 §3.3 compares them. Two texts that Unicode takes for the same are
/// two scopes; besides, `String`'s own order is none where such texts meet.
package struct ScopeList: Sendable {
    /// The scopes, in the order of their UTF-8.
    package let texts: [String]

    /// Makes a list of scopes in any order, which may occur several times.
    package init(_ texts: [String]) {
        let ordered = Self.isAscending(texts) ? texts : Self.distinct(texts.sorted(by: Self.precedes))
        // An array that grew has room for more, and scopes are kept for minutes.
        self.texts = ordered.capacity == ordered.count ? ordered : ordered.map { $0 }
    }

    package var set: Set<String> { Set(texts) }

    /// Whether a scope is among these, exactly as it is written.
    package func contains(_ scope: String) -> Bool {
        var (first, end) = (0, texts.count)
        // To compare the last few takes less time than to halve them.
        while end - first > 8 {
            let middle = (first + end) / 2
            if Self.precedes(scope, texts[middle]) { end = middle } else { first = middle }
        }
        // `==` compares most texts as two words, and is true of all texts that are the same bytes.
        return texts[first..<end].contains { $0 == scope && $0.isExactly(scope) }
    }

    private static func isAscending(_ texts: [String]) -> Bool {
        zip(texts, texts.dropFirst()).allSatisfy(precedes)
    }

    private static func distinct(_ sorted: [String]) -> [String] {
        var last: String?
        return sorted.filter { text in
            defer { last = text }
            return last.map { precedes($0, text) } ?? true
        }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.exactOrder(to: right) < 0
    }
}

extension ScopeList: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.texts.isExactly(right.texts)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(texts)
    }
}
