import CacheStores
import Synchronization
import TokenVerificationTestSupport

/// A store that leases and marks in the plainest way, unless it is told to do it wrong.
final class AbleStore: ForwardingStore {
    typealias Value = [UInt8]

    let space: AbleSpace
    let leases: AbleSpace
    let marks: AbleSpace
    let clock: WallClock
    let fault: AbilityFault?
    let isShutDown = Atomic(false)

    init(
        _ space: AbleSpace,
        leases: AbleSpace,
        marks: AbleSpace,
        clock: WallClock,
        fault: AbilityFault?
    ) {
        self.space = space
        self.leases = leases
        self.marks = marks
        self.clock = clock
        self.fault = fault
    }

    var wrapped: any CacheStore<[UInt8]> { space.entries }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        space.state.withLock { state in
            if hold > .zero { state.removed.insert(key) }
            if fault == .marksFallWithEntries { state.marks[key] = nil }
        }
        return try await wrapped.removeEntry(for: key, holding: hold)
    }

    func removeAll(holding hold: Duration) async throws {
        space.state.withLock { state in
            if fault == .leasesFallWithEverything { state.leases = [:] }
            if fault == .marksFallWithEverything { state.marks = [:] }
        }
        try await wrapped.removeAll(holding: hold)
    }

    func shutdown() async {
        if fault == .marksEndWithProcess { marks.state.withLock { $0.marks = [:] } }
        isShutDown.store(true, ordering: .sequentiallyConsistent)
    }

    func checkIsOpen(_ exception: AbilityFault) throws {
        guard isShutDown.load(ordering: .sequentiallyConsistent), fault != exception else { return }
        throw StoreError(code: .shutDown, message: "the store was shut down")
    }

    /// Puts an entry where none belongs.
    func takePlace(for key: CacheKey) async throws {
        try await wrapped.setEntry(CacheEntry([], expiry: .distantFuture), for: key)
    }
}
