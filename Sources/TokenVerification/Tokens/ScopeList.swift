#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

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
        // What is equal to ASCII by Unicode, and is not ASCII, is longer.
        return texts[first..<end].contains { $0.utf8.count == scope.utf8.count && $0 == scope }
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
        order(of: left, and: right) < 0
    }

    /// Less than, equal to or greater than 0, as the first text's bytes come before, equal or follow the second's.
    private static func order(of left: String, and right: String) -> Int {
        var (left, right) = (left, right)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                let difference = left.count - right.count
                guard let first = left.baseAddress, let second = right.baseAddress else { return difference }
                let order = memcmp(first, second, min(left.count, right.count))
                return order == 0 ? difference : Int(order)
            }
        }
    }
}

extension ScopeList: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.texts.elementsEqual(right.texts) { order(of: $0, and: $1) == 0 }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(texts)
    }
}
