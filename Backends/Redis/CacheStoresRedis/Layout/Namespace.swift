#if Redis
import CacheStores
import Foundation

/// A store's part of a Redis database, or one shard of it, and the keys in it.
///
/// All keys have one hash tag, so that they lie in one slot of a cluster and one script may use them.
struct Namespace: Sendable {
    static let maximumLength = 1024

    /// The slot of all of the keys in a cluster.
    let slot: RedisSlot
    let order: [UInt8]
    let expiries: [UInt8]
    let policy: [UInt8]
    let removalOfAll: [UInt8]
    /// A key that never exists.
    ///
    /// While a slot moves, its nodes refuse a script that names a key which they do not hold. So a script that names
    /// this key runs only on a node that holds the whole slot, never with half of the namespace.
    let nowhere: [UInt8]
    /// The command of a lookup; a key completes it.
    let lookup: RedisCommand
    /// The pattern of `SCAN` for the entries of all shards, which also matches namespaces whose names begin alike.
    let everyShardsEntries: [UInt8]
    /// The ends of all marks.
    let marksByEnd: [UInt8]
    private let entries: [UInt8]
    private let removals: [UInt8]
    private let leases: [UInt8]
    private let marks: [UInt8]

    /// Makes a namespace of any text; every byte but letters, digits and `-._~` is percent-encoded.
    ///
    /// - Parameters:
    ///   - name: 1…1024 bytes.
    ///   - shard: which part of the namespace, from 0.
    /// - Throws: `StoreError` of code `invalidConfiguration`.
    init(_ name: String, shard: Int = 0) throws(StoreError) {
        guard (1...Self.maximumLength).contains(name.utf8.count) else {
            throw StoreError(
                code: .invalidConfiguration,
                message: "`namespace` must have 1 to \(Self.maximumLength) bytes, not \(name.utf8.count)"
            )
        }
        // An encoded name has no plus sign, so a shard's tag is never the tag of another namespace.
        let encoded = try Self.encoded(name)
        let tag = encoded + (shard == 0 ? "" : "+\(shard)")
        slot = RedisSlot(ofTag: tag)
        func key(_ suffix: String) -> [UInt8] { Array("{\(tag)}:\(suffix)".utf8) }
        order = key("q")
        expiries = key("x")
        policy = key("p")
        removalOfAll = key("H")
        nowhere = key("n")
        entries = key("e:")
        removals = key("h:")
        leases = key("l:")
        marks = key("m:")
        marksByEnd = key("y")
        let digest = [UInt8](repeating: 0, count: CacheKey.byteCount)
        // An encoded name has no character that is special in a pattern.
        everyShardsEntries = Array("{\(encoded)*}:e:*".utf8)
        lookup = try RedisCommand([Array("GET".utf8), entries + digest])
    }

    /// The name of a key's entry.
    func entry(_ key: CacheKey) -> [UInt8] { key.withUnsafeBytes { entries + $0 } }

    /// The name of a key's remembered removal.
    func removal(_ key: CacheKey) -> [UInt8] { key.withUnsafeBytes { removals + $0 } }

    /// The name of a key's lease.
    func lease(_ key: CacheKey) -> [UInt8] { key.withUnsafeBytes { leases + $0 } }

    /// The name of a key's mark.
    func mark(_ key: CacheKey) -> [UInt8] { key.withUnsafeBytes { marks + $0 } }

    /// The prefix of the names of all entries.
    var entryPrefix: [UInt8] { entries }

    /// The prefix of the names of all keys' remembered removals.
    var removalPrefix: [UInt8] { removals }

    /// The prefix of the names of all marks.
    var markPrefix: [UInt8] { marks }

    private static let unreserved = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
    )

    private static func encoded(_ name: String) throws(StoreError) -> String {
        guard let encoded = name.addingPercentEncoding(withAllowedCharacters: unreserved) else {
            throw StoreError(code: .invalidConfiguration, message: "`namespace` can't be percent-encoded")
        }
        return encoded
    }
}
#endif
