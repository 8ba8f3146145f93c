import Synchronization

/// Values that many tokens share, kept once for all of them: clients, issuers, audiences and scopes.
///
/// Most tokens of an authority have the same few values. A copy for each token would be a third of the size of a kept
/// answer. The number of values is bounded: a later value replaces an earlier one.
package final class CommonParts: Sendable {
    private struct Recent<Value: Hashable> {
        private var values = [Value?](repeating: nil, count: 64)

        /// The remembered value that equals this one, else this one.
        mutating func instance(of value: Value, _ isSame: (Value, Value) -> Bool) -> Value {
            let place = Int(UInt(bitPattern: value.hashValue) % UInt(values.count))
            if let earlier = values[place], isSame(earlier, value) { return earlier }
            values[place] = value
            return value
        }
    }

    private struct Parts {
        var clientIDs = Recent<String>()
        var issuers = Recent<String>()
        var audiences = Recent<[String]>()
        var scopes = Recent<ScopeList>()
    }

    private let parts = Mutex(Parts())

    package init() {}

    /// A token that equals another one, and shares its values with earlier ones.
    package func share(with token: VerifiedToken) -> VerifiedToken {
        var content = token.content
        parts.withLock { parts in
            content.clientID = content.clientID.map { parts.clientIDs.instance(of: $0) { $0.isExactly($1) } }
            content.issuer = content.issuer.map { parts.issuers.instance(of: $0) { $0.isExactly($1) } }
            content.audiences = parts.audiences.instance(of: content.audiences) { $0.isExactly($1) }
            content.scopeList = content.scopeList.map { parts.scopes.instance(of: $0, ==) }
        }
        return VerifiedToken(content)
    }
}
