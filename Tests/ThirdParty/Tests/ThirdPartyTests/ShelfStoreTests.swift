import CacheStores
import CacheStoresTesting
import Synchronization
import Testing
import ThirdParty

/// Opens the store of a third party for the kit.
private final class ShelfFixture: StoreFixture {
    private let spaces = Mutex<[String: ShelfSpace]>([:])

    /// Two handles share memory, and a lock that is held for a step only.
    var waits: Bool { false }

    func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
        let found = spaces.withLock { spaces in
            let found = spaces[space] ?? ShelfSpace()
            spaces[space] = found
            return found
        }
        return try ShelfStore(found, capacity: capacity, clock: clock)
    }

    func discard(_ space: String) async throws {
        spaces.withLock { $0[space] = nil }
    }
}

@Suite(.timeLimit(.minutes(10))) struct ShelfStoreTests {
    @Test func `keeps the contract`() async throws {
        try await StoreContract(of: ShelfFixture()).verify()
    }
}
