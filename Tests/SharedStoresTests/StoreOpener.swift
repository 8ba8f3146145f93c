import CacheStores
import CacheStoresTesting

/// Opens stores as a closure says.
struct StoreOpener: StoreFixture {
    typealias Opening = @Sendable (String, Int?, WallClock) async throws -> any CacheStore<[UInt8]>

    let isShared: Bool
    private let opening: Opening

    init(isShared: Bool = true, _ opening: @escaping Opening) {
        self.isShared = isShared
        self.opening = opening
    }

    func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
        try await opening(space, capacity, clock)
    }
}
