import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// The rules of `CacheStore`, as far as the file is concerned; the kit asks more of them.
@Suite(.timeLimit(.minutes(10))) struct ContractTests {
    private let place: TemporaryStore
    private let clock = ManualClock()

    init() throws {
        place = try TemporaryStore()
    }

    private func entry(_ number: Int, seconds: Int = 60) -> CacheEntry<[UInt8]> {
        CacheEntry(Sample.value(number), expiry: clock.now.advanced(by: .seconds(seconds)))
    }

    private func numbers(_ store: SQLiteStore, upTo end: Int = 20) async throws -> [Int] {
        var found: [Int] = []
        for number in 0..<end where try await store.entry(for: Sample.key(number)) != nil {
            found.append(number)
        }
        return found
    }

    @Test func `gives back what was set`() async throws {
        let store = try place.open(clock: clock)
        let entry = entry(1)
        #expect(try await store.setEntry(entry, for: Sample.key(1)) == 0)
        #expect(try await store.entry(for: Sample.key(1)) == entry)
        #expect(try await store.entry(for: Sample.key(2)) == nil)
        #expect(try await store.count() == 1)
    }

    @Test func `keeps an empty value`() async throws {
        let store = try place.open(clock: clock)
        try await store.setEntry(CacheEntry([], expiry: .distantFuture), for: Sample.key(1))
        #expect(try await store.entry(for: Sample.key(1)) == CacheEntry([], expiry: .distantFuture))
    }

    @Test func `takes values up to the limit`() async throws {
        let store = try place.open(clock: clock)
        let largest = [UInt8](repeating: 7, count: SQLiteStore.maximumValueSize)
        try await store.setEntry(CacheEntry(largest, expiry: .distantFuture), for: Sample.key(1))
        #expect(try await store.entry(for: Sample.key(1))?.value == largest)
        let error = await #expect(throws: StoreError.self) {
            try await store.setEntry(CacheEntry(largest + [7], expiry: .distantFuture), for: Sample.key(1))
        }
        #expect(error?.code == .valueTooLarge)
    }

    @Test func `hides what has expired`() async throws {
        let store = try place.open(clock: clock)
        try await store.setEntry(entry(1, seconds: 10), for: Sample.key(1))
        clock.advance(by: .milliseconds(9_999))
        #expect(try await store.count() == 1)
        clock.advance(by: .milliseconds(1))
        #expect(try await store.entry(for: Sample.key(1)) == nil)
        #expect(try await store.count() == 0)
        #expect(try await store.removeEntry(for: Sample.key(1)) == false)
    }

    @Test func `evicts what was inserted first`() async throws {
        let store = try place.open(capacity: 3, clock: clock)
        for number in 0..<3 { try await store.setEntry(entry(number), for: Sample.key(number)) }
        #expect(try await store.setEntry(entry(0), for: Sample.key(0)) == 0)
        #expect(try await store.setEntry(entry(3), for: Sample.key(3)) == 1)
        #expect(try await numbers(store) == [1, 2, 3])
    }

    @Test func `drops the dead before the living`() async throws {
        let store = try place.open(capacity: 3, clock: clock)
        try await store.setEntry(entry(0), for: Sample.key(0))
        try await store.setEntry(entry(1, seconds: 5), for: Sample.key(1))
        try await store.setEntry(entry(2), for: Sample.key(2))
        clock.advance(by: .seconds(5))
        #expect(try await store.setEntry(entry(3), for: Sample.key(3)) == 0)
        #expect(try await numbers(store) == [0, 2, 3])
        #expect(try await store.setEntry(entry(4), for: Sample.key(4)) == 1)
        #expect(try await numbers(store) == [2, 3, 4])
    }

    @Test func `starts an expired key again at the tail`() async throws {
        let store = try place.open(capacity: 2, clock: clock)
        try await store.setEntry(entry(0, seconds: 5), for: Sample.key(0))
        try await store.setEntry(entry(1), for: Sample.key(1))
        clock.advance(by: .seconds(5))
        try await store.setEntry(entry(0), for: Sample.key(0))
        #expect(try await store.setEntry(entry(2), for: Sample.key(2)) == 1)
        #expect(try await numbers(store) == [0, 2])
    }

    @Test func `removes an entry that is set expired`() async throws {
        let store = try place.open(capacity: 2, clock: clock)
        for number in 0..<2 { try await store.setEntry(entry(number), for: Sample.key(number)) }
        #expect(try await store.setEntry(entry(5, seconds: 0), for: Sample.key(5)) == 0)
        #expect(try await store.setEntry(entry(0, seconds: -1), for: Sample.key(0)) == 0)
        #expect(try await numbers(store) == [1])
    }

    @Test func `stores nothing under a key that is held`() async throws {
        let store = try place.open(clock: clock)
        try await store.setEntry(entry(1), for: Sample.key(1))
        #expect(try await store.removeEntry(for: Sample.key(1), holding: .seconds(10)))
        try await store.removeEntry(for: Sample.key(1), holding: .seconds(1))
        clock.advance(by: .milliseconds(9_999))
        try await store.setEntry(entry(1), for: Sample.key(1))
        try await store.setEntry(entry(2), for: Sample.key(2))
        #expect(try await numbers(store) == [2])
        clock.advance(by: .milliseconds(1))
        try await store.setEntry(entry(1), for: Sample.key(1))
        #expect(try await numbers(store) == [1, 2])
    }

    @Test func `removes everything in several steps`() async throws {
        var tuning = SQLiteTuning(readers: 1)
        tuning.removalChunk = 3
        let store = try SQLiteStore(path: place.path, capacity: 50, clock: WallClock(clock), tuning: tuning)
        for number in 0..<20 { try await store.setEntry(entry(number), for: Sample.key(number)) }
        let before = store.transactions
        try await store.removeAll(holding: .seconds(1))
        #expect(store.transactions - before == 7)
        #expect(try await store.count() == 0)
        try await store.setEntry(entry(1), for: Sample.key(1))
        #expect(try await store.count() == 0)
        clock.advance(by: .seconds(1))
        try await store.setEntry(entry(1), for: Sample.key(1))
        #expect(try await store.count() == 1)
    }

    @Test func `keeps the number of rows with the rows`() async throws {
        let store = try place.open(capacity: 5, clock: clock)
        for number in 0..<40 {
            try await store.setEntry(entry(number % 9, seconds: number % 4), for: Sample.key(number % 9))
            if number % 5 == 0 { try await store.removeEntry(for: Sample.key(number % 7)) }
            clock.advance(by: .milliseconds(700))
            let database = try RawDatabase(place.path)
            let rows = try database.integer("SELECT count(*) FROM entries")
            #expect(try database.integer("SELECT count FROM policy") == rows)
            #expect(rows ?? 6 <= 5)
        }
    }

    @Test func `refuses everything once it was shut down`() async throws {
        let store = try place.open(clock: clock)
        try await store.setEntry(entry(1), for: Sample.key(1))
        async let other: Void = store.shutdown()
        await store.shutdown()
        await other
        let codes = [
            await #expect(throws: StoreError.self) { _ = try await store.entry(for: Sample.key(1)) },
            await #expect(throws: StoreError.self) { try await store.setEntry(entry(1), for: Sample.key(1)) },
            await #expect(throws: StoreError.self) { try await store.removeEntry(for: Sample.key(1)) },
            await #expect(throws: StoreError.self) { try await store.removeAll() },
            await #expect(throws: StoreError.self) { _ = try await store.count() },
            await #expect(throws: StoreError.self) { _ = try await store.capacity() },
        ].map { $0?.code }
        #expect(codes == Array(repeating: .shutDown, count: 6))
        #expect(try await numbers(try place.open(clock: clock)) == [1])
    }
}
