import CacheStores

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension StoreContract {
    /// Into how many parts rules 2 and 3 may fall.
    private var shardCount: Int {
        permissions.contains(.firstInFirstOutPerShard) ? max(1, fixture.shardCount) : 1
    }

    /// Where randomness starts unless a caller says otherwise.
    var startingSeed: UInt64 {
        if let seed = effort.seed { return seed }
        if let text = getenv("CACHE_STORES_SEED"), let seed = UInt64(String(cString: text)) { return seed }
        return .random(in: 0...UInt64(UInt32.max))
    }

    /// A name that no space has had before.
    func newSpace() -> String {
        "kit-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// The capacity that gives the shard in which the kit works so many places.
    func wholeCapacity(_ capacity: Int) -> Int { capacity * shardCount }

    /// Opens a store that has room for so many of the kit's keys.
    func open(_ space: String, room: Int?, clock: ManualClock) async throws -> any CacheStore<[UInt8]> {
        try await open(space, room: room, clock: WallClock(clock))
    }

    /// Opens a store that has room for so many of the kit's keys, on any clock.
    func open(_ space: String, room: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
        try await fixture.open(space, capacity: room.map(wholeCapacity), clock: clock)
    }

    /// Opens a new space, twice if it can be shared, and discards it afterwards, also after an error.
    func withHandles<Result>(
        room: Int,
        clock: ManualClock,
        _ body: ([any CacheStore<[UInt8]>]) async throws -> Result
    ) async throws -> Result {
        let space = newSpace()
        var handles: [any CacheStore<[UInt8]>] = []
        let result: Result
        do {
            for _ in 0..<(fixture.isShared ? 2 : 1) {
                handles.append(try await open(space, room: room, clock: clock))
            }
            result = try await body(handles)
        } catch {
            try? await close(handles, space)
            throw error
        }
        try await close(handles, space)
        return result
    }

    private func close(_ handles: [any CacheStore<[UInt8]>], _ space: String) async throws {
        for store in handles { await store.shutdown() }
        try await fixture.discard(space)
    }

    /// Keys that all belong to one shard, the same ones for the same salt.
    func keys(_ count: Int, salt: UInt64 = 0) -> [CacheKey] {
        var generator = SplitMix64(seed: salt)
        var keys: [CacheKey] = []
        while keys.count < count {
            let key = generator.nextKey()
            if shardCount == 1 || fixture.shard(of: key) == 0 { keys.append(key) }
        }
        return keys
    }
}
