import CacheStores
import CacheStoresSQLite
import Foundation
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// A file that is replaced, deleted or moved away between the beginning and the commit of a write into it.
@Suite(.timeLimit(.minutes(10))) struct ReplacedFileTests {
    private let place: TemporaryStore
    private let clock = HaltingClock()

    init() throws {
        place = try TemporaryStore()
    }

    private func open(deadline: Duration = .seconds(60)) throws -> SQLiteStore {
        var tuning = SQLiteTuning(readers: 1)
        tuning.batch = 1
        tuning.removalChunk = 2
        let clock = WallClock(clock)
        return try SQLiteStore(
            path: place.path,
            capacity: nil,
            clock: clock,
            deadline: deadline,
            tuning: tuning
        )
    }

    /// Begins an operation, does something else while its transaction is open, and lets it come to its end.
    private func interrupt<Result: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Result,
        by interruption: () async throws -> Void
    ) async throws -> Result {
        clock.haltNextReading()
        async let result = operation()
        try await eventually { clock.isHalted }
        do {
            try await interruption()
        } catch {
            clock.goOn()
            throw error
        }
        clock.goOn()
        return try await result
    }

    /// Puts a new file in the place of the present one, with five entries in it.
    private func replaceFile() async throws -> SQLiteStore {
        for suffix in ["", "-wal", "-shm"] { rename(place.path + suffix, "\(place.path).away\(suffix)") }
        let other = try place.open()
        for number in 0..<5 { try await other.setEntry(Sample.entry(number), for: Sample.key(number)) }
        return other
    }

    private func isStored(_ number: Int, in store: SQLiteStore) async throws -> Bool {
        try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        return try await store.entry(for: Sample.key(number)) != nil
    }

    @Test func `has an entry removed from the new one, and the removal remembered there`() async throws {
        let store = try open()
        var other = store
        let isRemoved = try await interrupt {
            try await store.removeEntry(for: Sample.key(1), holding: .seconds(60))
        } by: {
            other = try await replaceFile()
        }
        #expect(isRemoved)
        #expect(try await other.entry(for: Sample.key(1)) == nil)
        #expect(try await !isStored(1, in: other))
        #expect(try await other.count() == 4)
    }

    @Test func `has everything removed from the new one, and that remembered there`() async throws {
        let store = try open()
        var other = store
        try await interrupt {
            try await store.removeAll(holding: .seconds(60))
        } by: {
            other = try await replaceFile()
        }
        #expect(try await other.count() == 0)
        #expect(try await !isStored(1, in: other))
    }

    @Test func `has everything removed from the new one though the removal was half done`() async throws {
        let store = try open()
        for number in 0..<2 { try await store.setEntry(Sample.entry(number), for: Sample.key(number)) }
        clock.haltNextReading()
        async let first = store.setEntry(Sample.entry(6), for: Sample.key(6))
        try await eventually { clock.isHalted }
        async let removal: Void = store.removeAll(holding: .seconds(60))
        try await eventually { store.backlog == 2 }
        async let second = store.setEntry(Sample.entry(7), for: Sample.key(7))
        try await eventually { store.backlog == 3 }
        // Halted in turn: the removal in its first step, and the second write, which comes before the removal's rest.
        for _ in 0..<2 {
            clock.goOn(haltingNext: true)
            try await eventually { clock.isHalted }
        }
        #expect(try await first == 0)
        let other = try await replaceFile()
        clock.goOn()
        #expect(try await second == 0)
        try await removal
        #expect(try await other.count() == 0)
        #expect(try await !isStored(1, in: other))
    }

    @Test func `has leases and marks in the new one`() async throws {
        let store = try open()
        var other = store
        let isAcquired = try await interrupt {
            try await store.acquireLease(for: Sample.key(1), as: LeaseHolder(), lasting: .seconds(60))
        } by: {
            other = try await replaceFile()
        }
        #expect(isAcquired)
        #expect(
            try await !other.acquireLease(for: Sample.key(1), as: LeaseHolder(), lasting: .seconds(60))
        )
        let moment = WallClock.system.now
        try await interrupt {
            try await store.setMark(moment, for: Sample.key(1), until: .distantFuture)
        } by: {
            other = try await replaceFile()
        }
        #expect(try await other.marks(for: [Sample.key(1)]) == [moment])
    }

    @Test func `has an entry set in the new one, by the new one's rules`() async throws {
        let store = try open()
        var other = store
        let evicted = try await interrupt {
            try await store.setEntry(Sample.entry(7), for: Sample.key(7))
        } by: {
            other = try await replaceFile()
            await other.shutdown()
            other = try place.open(capacity: 5)
        }
        #expect(evicted == 1)
        #expect(try await other.entry(for: Sample.key(0)) == nil)
        #expect(try await other.entry(for: Sample.key(7)) != nil)
        // What was removed from the new file is not set there by an older answer.
        _ = try await interrupt {
            try await store.setEntry(Sample.entry(8), for: Sample.key(8))
        } by: {
            other = try await replaceFile()
            try await other.removeEntry(for: Sample.key(8), holding: .seconds(60))
        }
        #expect(try await other.entry(for: Sample.key(8)) == nil)
    }

    @Test func `remembers a removal after it was deleted`() async throws {
        let store = try open()
        let isRemoved = try await interrupt {
            try await store.removeEntry(for: Sample.key(1), holding: .seconds(60))
        } by: {
            unlink(place.path)
        }
        #expect(!isRemoved)
        let other = try place.open()
        #expect(try await !isStored(1, in: other))
        #expect(try await isStored(2, in: other))
    }

    @Test func `confirms no removal while its directory has another name`() async throws {
        let store = try open()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        let elsewhere = "\(place.directory)-elsewhere"
        let error = await #expect(throws: StoreError.self) {
            try await interrupt {
                try await store.removeEntry(for: Sample.key(1), holding: .seconds(60))
            } by: {
                try FileManager.default.moveItem(atPath: place.directory, toPath: elsewhere)
            }
        }
        #expect(error?.code == .unavailable)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: place.directory)
        try await store.removeEntry(for: Sample.key(1), holding: .seconds(60))
        #expect(try await !isStored(1, in: place.open()))
    }

    @Test func `confirms no removal when its time is over`() async throws {
        let store = try open(deadline: .seconds(2))
        try await interrupt {
            let error = await #expect(throws: StoreError.self) {
                try await store.removeEntry(for: Sample.key(1), holding: .seconds(60))
            }
            #expect(error?.code == .timedOut)
        } by: {
            try await Task.sleep(for: .seconds(2))
            _ = try await replaceFile()
        }
        try await eventually { store.backlog == 0 }
        #expect(try await place.open().removeEntry(for: Sample.key(1), holding: .seconds(60)))
    }
}
