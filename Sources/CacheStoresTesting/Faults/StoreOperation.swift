public import CacheStores

/// What is asked of a store, without the values.
public enum StoreOperation: Sendable, Hashable {
    case entry(CacheKey)
    case setEntry(CacheKey)
    case removeEntry(CacheKey)
    case removeAll
    case count
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
