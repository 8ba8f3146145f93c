import CacheStores
import CacheStoresTesting

/// Opens sharded stores.
struct ShardedFixture: StoreFixture {
    private let shards = ReferenceFixture()

    var shardCount: Int { 2 }

    func shard(of key: CacheKey) -> Int { ShardedStore.shard(of: key) }

    func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
        var opened: [ReferenceStore] = []
        for number in 0..<shardCount {
            // What does not divide goes to the first shard.
            let part = capacity.map { $0 / shardCount + (number == 0 ? $0 % shardCount : 0) }
            opened.append(try shards.reference("\(space)-\(number)", capacity: part, clock: clock))
        }
        return ShardedStore(shards: opened)
    }

    func discard(_ space: String) async throws {
        for number in 0..<shardCount { try await shards.discard("\(space)-\(number)") }
    }
}
