import CacheStores
import CacheStoresTesting
import Synchronization

/// Opens reference stores, sound or broken.
final class ReferenceFixture: StoreFixture {
    struct ForeignError: Error {}

    let isShared: Bool
    private let fault: Fault?
    private let isEager: Bool
    private let spaces = Mutex<[String: ReferenceSpace]>([:])

    init(_ fault: Fault? = nil, isShared: Bool = true, isEager: Bool = false) {
        self.fault = fault
        self.isShared = isShared
        self.isEager = isEager
    }

    /// How many spaces have not been discarded.
    var spaceCount: Int { spaces.withLock { $0.count } }

    func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
        try reference(space, capacity: capacity, clock: clock)
    }

    func reference(_ space: String, capacity: Int?, clock: WallClock) throws -> ReferenceStore {
        let found = spaces.withLock { spaces in
            let found = isShared ? spaces[space] ?? ReferenceSpace() : ReferenceSpace()
            spaces[space] = found
            return found
        }
        return try ReferenceStore(found, capacity: capacity, clock: clock, fault: fault, isEager: isEager) {
            [self] in
            spaces.withLock { Array($0.values) }
        }
    }

    func discard(_ space: String) async throws {
        spaces.withLock { $0[space] = nil }
    }
}
