import CacheStores
import CacheStoresTesting
import Synchronization

/// Opens stores that lease and mark, rightly or with a fault.
final class AbleFixture: StoreFixture {
    private let fault: AbilityFault?
    private let spaces = Mutex<[String: AbleSpace]>([:])

    init(_ fault: AbilityFault? = nil) {
        self.fault = fault
    }

    func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
        let made = try AbleSpace(capacity: capacity, clock: clock)
        // What crosses spaces is one space for two names; the kit names a neighbour by one more digit.
        let crossing = String(space.prefix(12))
        let (mine, common) = spaces.withLock { spaces in
            for name in [space, crossing] where spaces[name] == nil { spaces[name] = made }
            return (spaces[space] ?? made, spaces[crossing] ?? made)
        }
        return AbleStore(
            mine,
            leases: fault == .leasesCrossSpaces ? common : mine,
            marks: fault == .marksCrossSpaces ? common : mine,
            clock: clock,
            fault: fault
        )
    }

    func discard(_ space: String) async throws {
        spaces.withLock { $0[space] = nil }
    }
}
