import CacheStores
import CacheStoresTesting

/// Opens sound stores behind faulty ones.
struct FaultyFixture: StoreFixture {
    let sound = ReferenceFixture()
    let script: FaultScript

    func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
        FaultyStore(try await sound.open(space, capacity: capacity, clock: clock), script: script)
    }

    func discard(_ space: String) async throws {
        try await sound.discard(space)
    }
}
