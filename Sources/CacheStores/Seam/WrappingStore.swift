/// A store that adds something to another store.
///
/// What a store can do beyond ``CacheStore`` is a protocol of its own, such as ``InvalidatingStore``. A wrapper
/// that conforms to this protocol does not hide those abilities: ``CacheStore/ability(_:)`` looks through it.
///
/// ``CacheStore/immediateEntry(for:)`` and ``CacheStore/entry(for:within:)`` are not found that way, since a call of the
/// inner store's would go past the wrapper's own ``CacheStore/entry(for:)``. A wrapper that leaves look-ups as they are
/// passes both on.
public protocol WrappingStore<Value>: CacheStore {
    /// The store that does the work.
    var wrapped: any CacheStore<Value> { get }
}

extension WrappingStore {
    public var now: Timestamp? { wrapped.now }
}

extension CacheStore {
    /// Finds an optional ability of this store or of the stores that it wraps.
    ///
    /// - Parameter ability: the ability's protocol, such as `(any InvalidatingStore).self`.
    /// - Returns: the outermost store that has the ability, or `nil`.
    public func ability<Ability>(_ ability: Ability.Type) -> Ability? {
        if let found = self as? Ability { return found }
        guard let wrapper = self as? any WrappingStore<Value> else { return nil }
        return wrapper.wrapped.ability(ability)
    }
}
