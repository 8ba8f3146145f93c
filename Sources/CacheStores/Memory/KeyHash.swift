/// Places keys in shards and tables by a hash with a secret of this process.
///
/// Keys are digests, but clients choose the tokens; without a secret, an attacker could search for tokens whose keys all
/// fall into one bucket.
struct KeyHash: Sendable {
    /// Where a key belongs.
    struct Place {
        /// The high bits choose the shard.
        let hash: UInt64
        /// The low bits choose the bucket in the shard's table.
        var tag: UInt32 { UInt32(truncatingIfNeeded: hash) }
    }

    private let first = UInt64.random(in: .min ... .max)
    private let second = UInt64.random(in: .min ... .max)

    func callAsFunction(_ key: CacheKey) -> Place {
        let product = (key.words.0 ^ first).multipliedFullWidth(by: key.words.1 ^ second)
        return Place(hash: product.high ^ product.low)
    }
}
