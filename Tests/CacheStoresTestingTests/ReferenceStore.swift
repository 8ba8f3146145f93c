import CacheStores
import Synchronization

/// A store that keeps the contract in the plainest way, unless it is told to break it.
///
/// It shares no code with the kit's reference model, so that each is a check on the other.
final class ReferenceStore: CacheStore {
    typealias State = ReferenceSpace.State

    private let space: ReferenceSpace
    private let neighbours: @Sendable () -> [ReferenceSpace]
    private let clock: WallClock
    private let fault: Fault?
    private let storesNothing: Bool
    private let isShutDown = Mutex(false)

    init(
        _ space: ReferenceSpace,
        capacity: Int?,
        clock: WallClock,
        fault: Fault?,
        neighbours: @escaping @Sendable () -> [ReferenceSpace]
    ) throws {
        if let capacity, capacity < 0, fault != .negativeCapacityAccepted {
            throw StoreError(code: .invalidConfiguration, message: "negative capacity")
        }
        self.space = space
        self.clock = clock
        self.fault = fault
        self.neighbours = neighbours
        storesNothing = capacity == 0
        space.state.withLock { state in
            if let capacity, capacity > 0 || fault == .zeroCapacityRecorded { state.capacity = capacity }
            if capacity == nil, fault == .recordedCapacityIgnored { state.capacity = nil }
        }
    }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try checkIsOpen()
        let now = clock.now
        return space.state.withLock { state in
            guard let index = state.index(of: key) else { return nil }
            let record = state.records[index]
            guard isLive(record.entry, now) else { return nil }
            if fault == .lookupsReorder { state.records.append(state.records.remove(at: index)) }
            return record.entry
        }
    }

    @discardableResult
    func setEntry(_ entry: CacheEntry<[UInt8]>, for key: CacheKey) async throws -> Int {
        try checkIsOpen()
        if entry.value.count > Self.maximumValueSize, fault != .largeValuesAccepted {
            throw StoreError(code: .valueTooLarge, message: "\(entry.value.count) bytes")
        }
        let now = clock.now
        switch fault {
        case .tornWrites:
            // The first half of the new value stands before the second half of the old one for a moment.
            let torn = space.state.withLock { state -> CacheEntry<[UInt8]>? in
                guard let index = state.index(of: key) else { return nil }
                let half = state.records[index].entry.value.count / 2
                let value = entry.value.prefix(half) + state.records[index].entry.value.dropFirst(half)
                return CacheEntry(Array(value), expiry: entry.expiry)
            }
            if let torn { _ = space.state.withLock { set(torn, key, now, &$0) } }
            await Task.yield()
        case .removalsLost:
            // What was removed between reading the table and writing it back is there again.
            let table = space.state.withLock { $0.records }
            await Task.yield()
            return space.state.withLock { state in
                for record in table
                where state.index(of: record.key) == nil && state.records.count < capacity(state) {
                    state.records.append(record)
                }
                return set(entry, key, now, &state)
            }
        case .overshootByOne:
            // Room is made in one step and taken in another.
            let evicted = space.state.withLock { state in
                state.index(of: key) == nil && isLive(entry, now) ? makeRoom(now, &state) : 0
            }
            await Task.yield()
            return space.state.withLock { state in
                if state.index(of: key) == nil, isLive(entry, now), !state.isHeld(key, at: now),
                    !storesNothing
                {
                    state.records.append(.init(key: key, entry: entry))
                    return evicted
                }
                return set(entry, key, now, &state)
            }
        default: break
        }
        return space.state.withLock { set(entry, key, now, &$0) }
    }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try checkIsOpen()
        let now = clock.now
        return space.state.withLock { state in
            let end = now.advanced(by: fault == .holdOfWrongLength ? hold + .milliseconds(1) : hold)
            if hold > .zero, fault != .holdIgnored {
                let longest = max(end, state.holds[key] ?? end)
                state.holds[key] = fault == .holdShortened ? end : longest
            }
            guard let index = state.index(of: key) else { return false }
            let removed =
                fault == .removalUndone && state.records.count == 5
                ? state.records[index] : state.records.remove(at: index)
            return isLive(removed.entry, now)
        }
    }

    func removeAll(holding hold: Duration) async throws {
        try checkIsOpen()
        let end = clock.now.advanced(by: hold)
        for space in fault == .removeAllCrossesSpaces ? neighbours() : [space] {
            space.state.withLock { state in
                state.records = []
                if hold > .zero, fault != .wideHoldIgnored { state.wideHold = max(state.wideHold, end) }
            }
        }
    }

    func count() async throws -> Int {
        try checkIsOpen()
        let now = clock.now
        return space.state.withLock { $0.records.count { isLive($0.entry, now) } }
    }

    func capacity() async throws -> Int {
        try checkIsOpen()
        return storesNothing ? 0 : space.state.withLock { capacity($0) }
    }

    func shutdown() async {
        isShutDown.withLock { $0 = fault != .worksAfterShutdown }
    }

    private func set(
        _ entry: CacheEntry<[UInt8]>,
        _ key: CacheKey,
        _ now: Timestamp,
        _ state: inout State
    ) -> Int {
        guard isLive(entry, now) else {
            if fault == .settingExpiredIgnored { return 0 }
            if let index = state.index(of: key) { state.records.remove(at: index) }
            return fault == .settingExpiredEvicts ? makeRoom(now, &state) : 0
        }
        guard !storesNothing, !state.isHeld(key, at: now) else { return 0 }
        var evicted = 0
        if let index = state.index(of: key) {
            if isLive(state.records[index].entry, now), fault != .overwritingMovesToTail {
                state.records[index].entry = entry
                return fault == .overwritingEvicts && state.records.count > 2 ? makeRoom(now, &state) : 0
            }
            state.records.remove(at: index)
        }
        evicted = makeRoom(now, &state)
        state.records.append(.init(key: key, entry: entry))
        return evicted
    }

    /// Drops a bounded number of entries, the dead first, and returns how many of them were live.
    private func makeRoom(_ now: Timestamp, _ state: inout State) -> Int {
        if fault == .allDeadDroppedAtOnce { state.records.removeAll { !isLive($0.entry, now) } }
        var evicted = 0
        let room = capacity(state) + (fault == .oneTooMany ? 1 : 0)
        for _ in 0..<2 where state.records.count >= room {
            let dead = state.records.firstIndex { !isLive($0.entry, now) }
            var victim = dead ?? 0
            if fault == .oldestEvictedBeforeTheDead { victim = 0 }
            if fault == .newestEvicted { victim = dead ?? state.records.count - 1 }
            if isLive(state.records.remove(at: victim).entry, now) { evicted += 1 }
        }
        return evicted
    }

    private func capacity(_ state: State) -> Int { state.capacity ?? Self.defaultCapacity }

    private func isLive(_ entry: CacheEntry<[UInt8]>, _ now: Timestamp) -> Bool {
        fault == .liveAtExpiry ? now <= entry.expiry : now < entry.expiry
    }

    private func checkIsOpen() throws {
        guard isShutDown.withLock({ $0 }) else { return }
        if fault == .foreignErrors { throw ReferenceFixture.ForeignError() }
        throw StoreError(code: .shutDown, message: "the store was shut down")
    }
}
