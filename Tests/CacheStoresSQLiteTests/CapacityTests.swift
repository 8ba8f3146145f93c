import CacheStores
import CacheStoresSQLite
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// One capacity for all processes that open the file.
@Suite(.timeLimit(.minutes(10))) struct CapacityTests {
    private let place: TemporaryStore

    init() throws {
        place = try TemporaryStore()
    }

    @Test func `holds ten thousand unless told otherwise, and adopts what is recorded`() async throws {
        #expect(try await place.open().capacity() == 10_000)
        #expect(try await place.open(capacity: 12).capacity() == 12)
        #expect(try await place.open().capacity() == 12)
    }

    @Test func `changes for all handles at once, and is logged`() async throws {
        let first = try place.open(capacity: 300)
        for number in 0..<300 { try await first.setEntry(Sample.entry(number), for: Sample.key(number)) }
        let log = LogCapture()
        let second = try SQLiteStore(path: place.path, capacity: 100, logger: log.logger)
        #expect(log.messages.map { $0.hasPrefix("notice the store's capacity was changed [") } == [true])
        #expect(try await first.capacity() == 100)
        // No write adds to the number, and each evicts a bounded number of the oldest.
        var live = 300
        for number in 300..<310 {
            let evicted = try await first.setEntry(Sample.entry(number), for: Sample.key(number))
            #expect((1...64).contains(evicted))
            live += 1 - evicted
            #expect(try await second.count() == live)
        }
        #expect(live == 100)
        #expect(try await second.entry(for: Sample.key(209)) == nil)
        #expect(try await second.entry(for: Sample.key(210)) != nil)
    }

    @Test func `stores nothing in a process whose capacity is zero`() async throws {
        let first = try place.open(capacity: 5)
        try await first.setEntry(Sample.entry(1), for: Sample.key(1))
        try await first.setEntry(Sample.entry(2), for: Sample.key(2))
        let idle = try place.open(capacity: 0)
        #expect(try await idle.entry(for: Sample.key(1)) != nil)
        #expect(try await idle.setEntry(Sample.entry(1), for: Sample.key(1)) == 0)
        #expect(try await idle.setEntry(Sample.entry(3), for: Sample.key(3)) == 0)
        #expect(try await first.count() == 1)
        #expect(try await first.capacity() == 5)
        #expect(try await idle.capacity() == 0)
    }

    @Test func `drops the dead of a lowered capacity before it evicts`() async throws {
        let first = try place.open(capacity: 50)
        let soon = WallClock.system.now.advanced(by: .milliseconds(150))
        for number in 0..<40 {
            try await first.setEntry(CacheEntry([1], expiry: soon), for: Sample.key(number))
        }
        for number in 40..<50 { try await first.setEntry(Sample.entry(number), for: Sample.key(number)) }
        try await WallClock.system.sleep(until: soon, tolerance: nil)
        let second = try place.open(capacity: 20)
        #expect(try await second.setEntry(Sample.entry(50), for: Sample.key(50)) == 0)
        #expect(try await first.count() == 11)
    }
}
