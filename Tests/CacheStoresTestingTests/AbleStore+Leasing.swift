import CacheStores
import Synchronization

extension AbleStore: LeasingStore {
    func acquireLease(
        for key: CacheKey,
        as holder: LeaseHolder,
        lasting duration: Duration
    ) async throws -> Bool {
        try checkIsOpen(.leasesAfterShutdown)
        if fault == .leasesTakePlaces { try await takePlace(for: key) }
        let now = clock.now
        let end =
            switch fault {
            case .leasesForEver: Timestamp.distantFuture
            case .leaseFractionDropped: now.advanced(by: duration)
            case .leaseHeldAtItsEnd: now.end(of: duration + .milliseconds(duration > .zero ? 1 : 0))
            default: now.end(of: duration)
            }
        if fault == .leasesInTwoSteps {
            let isFree = leases.state.withLock { self.isFree(key, holder, now, $0) }
            await Task.yield()
            if isFree { leases.state.withLock { $0.leases[key] = (holder, end) } }
            return isFree
        }
        return leases.state.withLock { state in
            guard isFree(key, holder, now, state) else { return false }
            let isMine = state.leases[key].map { now < $0.end } ?? false
            if fault == .prolongingRefused, isMine { return false }
            if fault != .prolongingIgnored || !isMine { state.leases[key] = (holder, end) }
            return true
        }
    }

    func releaseLease(for key: CacheKey, as holder: LeaseHolder) async throws {
        try checkIsOpen(.leasesAfterShutdown)
        leases.state.withLock { state in
            guard state.leases[key]?.holder == holder || fault == .releasedByAnybody else { return }
            if fault != .releaseIgnored { state.leases[key] = nil }
        }
    }

    private func isFree(
        _ key: CacheKey,
        _ holder: LeaseHolder,
        _ now: Timestamp,
        _ state: AbleSpace.State
    ) -> Bool {
        if fault == .removalsKeepLeasesAway, state.removed.contains(key) { return false }
        guard fault != .leasesToAnybody, let lease = state.leases[key] else { return true }
        return lease.holder == holder || lease.end <= now
    }
}
