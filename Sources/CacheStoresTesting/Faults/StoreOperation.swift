public import CacheStores

/// What is asked of a store, without the values.
public enum StoreOperation: Sendable, Hashable {
    /// `entry(for:)`.
    case entry(CacheKey)
    /// `setEntry(_:for:asked:before:)`.
    case setEntry(CacheKey)
    /// `removeEntry(for:holding:)`.
    case removeEntry(CacheKey)
    /// `removeAll(holding:)`.
    case removeAll
    /// `count()`.
    case count
    /// `capacity()`.
    case capacity
}

extension StoreOperation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .entry(let key): "look up \(key)"
        case .setEntry(let key): "set \(key)"
        case .removeEntry(let key): "remove \(key)"
        case .removeAll: "remove all"
        case .count: "count"
        case .capacity: "capacity"
        }
    }
}
