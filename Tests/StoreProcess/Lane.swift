import CacheStores
import CacheStoresTesting
import Dispatch
import StoreProcesses
import TokenVerificationTestSupport

/// One task among many on one store: it sets keys of its own and some that all lanes set, overwrites them, removes
/// them, remembered and not, and looks up those of all lanes.
struct Lane {
    private struct Torn: Error {}

    /// How many keys there are that all lanes set.
    private static let sharedCount = 64
    /// The number of the first of them, and the distance between the first keys of two lanes.
    private static let shared = 900_000_000
    private static let span = 1_000_000

    private let store: any CacheStore<[UInt8]>
    private let number: Int
    private let laneCount: Int
    private var random: SplitMix64
    /// How many keys of its own the lane has set so far.
    private var ownCount = 0
    private var lastVersion: Int
    private var mayRemove = true

    init(store: any CacheStore<[UInt8]>, number: Int, laneCount: Int, seed: UInt64) {
        self.store = store
        self.number = number
        self.laneCount = laneCount
        random = SplitMix64(seed: seed &+ UInt64(number) &* 0x1_0000_0001)
        lastVersion = number * Self.span
    }

    /// Does so many operations; among the last ones there is no removal, so that the store is full at the end.
    mutating func perform(_ count: Int) async throws -> [LoggedOperation] {
        var operations: [LoggedOperation] = []
        for step in 0..<count {
            mayRemove = step < count / 5 * 4
            operations.append(try await perform())
        }
        return operations
    }

    private mutating func perform() async throws -> LoggedOperation {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<26:
            ownCount += 1
            return try await set(own(ownCount - 1))
        case 26..<38: return try await set(recent())
        case 38..<43: return try await set(own(.random(in: 0...max(0, ownCount - 1), using: &random)))
        case 43..<53: return try await set(common())
        case 53..<63: return try await lookUp(recent())
        case 63..<78: return try await lookUp(others())
        case 78..<85: return try await lookUp(common())
        case 85..<91 where mayRemove: return try await remove(recent())
        case 91..<93 where mayRemove: return try await removeForLong(recent())
        case 93..<97 where mayRemove: return try await remove(common())
        case 97..<100: return try await log(.count, 0) { try await $0.count() }
        default: return try await lookUp(recent())
        }
    }

    private func own(_ index: Int) -> Int { number * Self.span + index }

    /// One of its last keys.
    private mutating func recent() -> Int {
        own(max(0, ownCount - .random(in: 1...24, using: &random)))
    }

    /// A key that another lane may have set of late, since all are about as far.
    private mutating func others() -> Int {
        let lane = Int.random(in: 0..<laneCount, using: &random)
        return lane * Self.span + max(0, ownCount - .random(in: 1...24, using: &random))
    }

    private mutating func common() -> Int { Self.shared + .random(in: 0..<Self.sharedCount, using: &random) }

    private mutating func set(_ number: Int) async throws -> LoggedOperation {
        lastVersion += 1
        let entry = Sample.entry(number, version: lastVersion)
        return try await log(.set, number, version: lastVersion) {
            try await $0.setEntry(entry, for: Sample.key(number))
        }
    }

    private func lookUp(_ number: Int) async throws -> LoggedOperation {
        try await log(.lookUp, number) { store in
            guard let entry = try await store.entry(for: Sample.key(number)) else { return -1 }
            guard let version = Sample.version(of: entry, number) else { throw Torn() }
            return version
        }
    }

    private func remove(_ number: Int) async throws -> LoggedOperation {
        try await log(.remove, number) { try await $0.removeEntry(for: Sample.key(number)) ? 1 : 0 }
    }

    /// Removes an entry for longer than the run takes.
    private func removeForLong(_ number: Int) async throws -> LoggedOperation {
        try await log(.removeForLong, number) {
            try await $0.removeEntry(for: Sample.key(number), holding: .seconds(3_600)) ? 1 : 0
        }
    }

    private func log(
        _ action: LoggedOperation.Action,
        _ number: Int,
        version: Int = 0,
        _ operation: (any CacheStore<[UInt8]>) async throws -> Int
    ) async throws -> LoggedOperation {
        let began = DispatchTime.now().uptimeNanoseconds
        let result = try await operation(store)
        let ended = DispatchTime.now().uptimeNanoseconds
        return LoggedOperation(action, number, version: version, result: result, began: began, ended: ended)
    }
}
