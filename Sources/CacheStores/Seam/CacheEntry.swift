/// A value and the moment from which on it counts as absent.
public struct CacheEntry<Value> {
    /// What is kept.
    public var value: Value

    /// The entry is live while `now < expiry`.
    public var expiry: Timestamp

    /// Makes an entry.
    ///
    /// - Parameters:
    ///   - value: what is kept.
    ///   - expiry: the moment from which on the entry counts as absent.
    @inlinable
    public init(_ value: Value, expiry: Timestamp) {
        self.value = value
        self.expiry = expiry
    }

    /// Whether the entry is live at a moment.
    @inlinable
    public func isLive(at now: Timestamp) -> Bool {
        now < expiry
    }
}

extension CacheEntry: Sendable where Value: Sendable {}
extension CacheEntry: Equatable where Value: Equatable {}
extension CacheEntry: Hashable where Value: Hashable {}
