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
    /// Whether it drops expired entries as early as the contract allows; otherwise as late.
    private let isEager: Bool
    private let storesNothing: Bool
    private let isShutDown = Mutex(false)

    init(
        _ space: ReferenceSpace,
        capacity: Int?,
        clock: WallClock,
        fault: Fault?,
        isEager: Bool,
        neighbours: @escaping @Sendable () -> [ReferenceSpace]
    ) throws {
        if let capacity, capacity < 0, fault != .negativeCapacityAccepted {
            throw StoreError(code: .invalidConfiguration, message: "negative capacity")
        }
        self.space = space
        self.clock = clock
        self.fault = fault
        self.isEager = isEager
        self.neighbours = neighbours
        storesNothing = capacity == 0
        space.state.withLock { state in
            if let capacity, capacity > 0 || fault == .zeroCapacityRecorded { state.capacity = capacity }
            if capacity == nil, fault == .recordedCapacityIgnored { state.capacity = nil }
        }
    }

    var now: Timestamp? { fault == .timeUnknown ? nil : clock.now }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try await perform { now, state in
            tidy(now, &state)
            guard let index = state.index(of: key) else { return nil }
            let record = state.records[index]
            guard isLive(record.entry, now) else { return nil }
            if fault == .lookupsReorder { state.records.append(state.records.remove(at: index)) }
            return record.entry
        }
    }

    func immediateEntry(for key: CacheKey) throws -> Lookup<CacheEntry<[UInt8]>> {
        try checkIsOpen()
        return space.state.withLockIfAvailable { state in
            let entry = state.index(of: key).map { state.records[$0].entry }
            return Lookup(
                entry.flatMap { isLive($0, clock.now) || fault == .immediateLookupOfTheDead ? $0 : nil }
            )
        } ?? .mustWait
    }

    func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<[UInt8]>? {
        switch fault {
        case .quickLookupMisses: return nil
        case .limitIgnored: return try await entry(for: key)
        default: break
        }
        return try await withThrowingTaskGroup(of: CacheEntry<[UInt8]>?.self) { group in
            group.addTask { try await self.entry(for: key) }
            group.addTask {
                try await Task.sleep(for: limit)
                throw StoreError(code: .timedOut, message: "\(limit)")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    @discardableResult
    func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try checkIsOpen()
        if entry.value.count > Self.maximumValueSize, fault != .largeValuesAccepted {
            throw StoreError(code: .valueTooLarge, message: "\(entry.value.count) bytes")
        }
        let write = ReferenceWrite(entry: entry, key: key, asked: asked, end: end)
        switch fault {
        case .tornWrites:
            // The first half of the new value stands before the second half of the old one for a moment.
            try await perform { now, state in
                guard let index = state.index(of: key) else { return }
                let half = state.records[index].entry.value.count / 2
                let value = entry.value.prefix(half) + state.records[index].entry.value.dropFirst(half)
                var torn = write
                torn.entry = CacheEntry(Array(value), expiry: entry.expiry)
                _ = set(torn, now, &state)
            }
            await Task.yield()
        case .removalsLost:
            // What was removed between reading the table and writing it back is there again.
            let table = try await perform { $1.records }
            await Task.yield()
            return try await perform { now, state in
                for record in table
                where state.index(of: record.key) == nil && state.records.count < capacity(state) {
                    state.records.append(record)
                }
                return set(write, now, &state)
            }
        case .overshootByOne:
            // Room is made in one step and taken in another.
            let evicted = try await perform { now, state in
                state.index(of: key) == nil && isLive(entry, now) ? makeRoom(now, &state) : 0
            }
            await Task.yield()
            return try await perform { now, state in
                if state.index(of: key) == nil, isLive(entry, now), !isForbidden(write, now, &state),
                    !storesNothing
                {
                    state.records.append(.init(key: key, entry: entry))
                    return evicted
                }
                return set(write, now, &state)
            }
        default: break
        }
        return try await perform { set(write, $0, &$1) }
    }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await perform { now, state in
            let end =
                switch fault {
                case .removalOfWrongLength: now.end(of: hold + .milliseconds(1))
                case .removalFractionDropped: now.advanced(by: hold)
                default: now.end(of: hold)
                }
            if hold < .zero, fault == .negativeLengthForgets { state.removals[key] = nil }
            if hold > .zero, fault != .removalNotRemembered {
                state.removals[key] = ReferenceRemoval(moment: now, end: end).after(
                    state.removals[key],
                    fault
                )
            }
            guard let index = state.index(of: key) else { return false }
            let removed =
                fault == .removalUndone && state.records.count == 5
                ? state.records[index] : state.records.remove(at: index)
            return isLive(removed.entry, now)
        }
    }

    func removeAll(holding hold: Duration) async throws {
        for space in fault == .removeAllCrossesSpaces ? neighbours() : [space] {
            try await perform(on: space) { now, state in
                state.records = []
                guard hold > .zero, fault != .removeAllNotRemembered else { return }
                let end = fault == .removeAllFractionDropped ? now.advanced(by: hold) : now.end(of: hold)
                state.wideRemoval = ReferenceRemoval(moment: now, end: end).after(state.wideRemoval, fault)
            }
        }
    }

    func count() async throws -> Int {
        try await perform { now, state in
            tidy(now, &state)
            return state.records.count { isLive($0.entry, now) }
        }
    }

    func capacity() async throws -> Int {
        try await perform { storesNothing ? 0 : capacity($1) }
    }

    func shutdown() async {
        isShutDown.withLock { $0 = fault != .worksAfterShutdown }
    }

    /// Does something in one step, for which it waits as another store waits for a file or a server.
    private func perform<Result: Sendable>(
        on other: ReferenceSpace? = nil,
        _ work: (Timestamp, inout State) -> Result
    ) async throws -> Result {
        try checkIsOpen()
        let early = fault == .clockReadBeforeLock ? clock.now : nil
        while true {
            let result = (other ?? space).state.withLockIfAvailable { work(early ?? clock.now, &$0) }
            if let result { return result }
            if fault != .cancellationIgnored { try Task.checkCancellation() }
            // Detached, since a sleep in a cancelled task returns at once.
            await Task.detached { try? await Task.sleep(for: .microseconds(200)) }.value
        }
    }

    private func set(_ write: ReferenceWrite, _ now: Timestamp, _ state: inout State) -> Int {
        let (entry, key) = (write.entry, write.key)
        tidy(now, &state)
        guard !isForbidden(write, now, &state) else { return 0 }
        guard isLive(entry, now) else {
            if fault == .settingExpiredIgnored { return 0 }
            if let index = state.index(of: key) { state.records.remove(at: index) }
            return fault == .settingExpiredEvicts ? makeRoom(now, &state) : 0
        }
        guard !storesNothing else { return 0 }
        var evicted = 0
        if let index = state.index(of: key) {
            if isLive(state.records[index].entry, now), fault != .overwritingMovesToTail {
                state.records[index].entry = entry
                return fault == .overwritingEvicts && state.records.count > 2 ? makeRoom(now, &state) : 0
            }
            state.records.remove(at: index)
        }
        evicted = makeRoom(now, &state)
        state.insertions += 1
        let isUncounted = fault == .firstTwoUncounted && state.insertions <= 2
        state.records.append(.init(key: key, entry: entry, isUncounted: isUncounted))
        return evicted
    }

    /// Whether a write has no effect; a removal that is over is forgotten.
    private func isForbidden(_ write: ReferenceWrite, _ now: Timestamp, _ state: inout State) -> Bool {
        if let end = write.end, fault != .lateWritesAccepted, fault == .lateByOne ? now > end : now >= end {
            if fault == .lateWriteRemoves { state.records.removeAll { $0.key == write.key } }
            return true
        }
        if let removal = state.removals[write.key], removal.end <= now, fault != .momentOutlivesRemoval {
            state.removals[write.key] = nil
        }
        let wideAsked = fault == .wideMomentIgnored ? nil : write.asked
        guard
            state.removals[write.key]?.forbids(write.asked, at: now, fault) == true
                || state.wideRemoval?.forbids(wideAsked, at: now, fault) == true
        else { return false }
        if fault == .refusedWriteRemoves { state.records.removeAll { $0.key == write.key } }
        return true
    }

    /// Drops a bounded number of entries, the dead first, and returns how many of them were live.
    private func makeRoom(_ now: Timestamp, _ state: inout State) -> Int {
        if fault == .allDeadDroppedAtOnce { state.records.removeAll { !isLive($0.entry, now) } }
        var evicted = 0
        let uncounted = state.records.count { $0.isUncounted && isLive($0.entry, now) }
        let room = capacity(state) + uncounted + (fault == .oneTooMany ? 1 : 0)
        for _ in 0..<2 where state.records.count >= max(1, room) {
            let dead = state.records.firstIndex { !isLive($0.entry, now) }
            var victim = dead ?? 0
            if fault == .oldestEvictedBeforeTheDead { victim = 0 }
            if fault == .newestEvicted { victim = dead ?? state.records.count - 1 }
            if isLive(state.records.remove(at: victim).entry, now) { evicted += 1 }
        }
        return evicted
    }

    private func tidy(_ now: Timestamp, _ state: inout State) {
        guard isEager else { return }
        state.removals = state.removals.filter { now < $0.value.end }
        if let removal = state.wideRemoval, removal.end <= now { state.wideRemoval = nil }
        for _ in 0..<4 {
            guard let dead = state.records.firstIndex(where: { !isLive($0.entry, now) }) else { return }
            state.records.remove(at: dead)
        }
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
