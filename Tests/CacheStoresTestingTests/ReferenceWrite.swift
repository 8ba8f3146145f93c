import CacheStores

/// What a reference store is asked to write.
struct ReferenceWrite: Sendable {
    var entry: CacheEntry<[UInt8]>
    let key: CacheKey
    let asked: Timestamp?
    let end: Timestamp?
}
