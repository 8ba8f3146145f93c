import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import Foundation
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// What a store does with the file that it finds, and with one that changes while it is open.
@Suite(.timeLimit(.minutes(10))) struct OpeningTests {
    private let place: TemporaryStore

    init() throws {
        place = try TemporaryStore()
    }

    /// Makes a store with some entries, and closes it.
    private func fill(_ count: Int = 10) async throws {
        let store = try place.open()
        for number in 0..<count { try await store.setEntry(Sample.entry(number), for: Sample.key(number)) }
        await store.shutdown()
    }

    private func codeOfOpening() -> StoreError.Code? {
        #expect(throws: StoreError.self) { try place.open() }?.code
    }

    @Test func `writes nothing when it is opened as it was`() async throws {
        try await fill()
        let before = try [place.trace(""), place.trace("-wal")]
        let store = try place.open(capacity: nil)
        #expect(try await store.entry(for: Sample.key(1)) != nil)
        #expect(try await store.count() == 10)
        await store.shutdown()
        #expect(try [place.trace(""), place.trace("-wal")] == before)
    }

    /// The first look-up opens a connection, for which the lock is needed.
    @Test func `keeps a limit of the caller's that is shorter than its deadline`() async throws {
        let store = try place.open()
        let lock = open("\(place.path).lock", O_RDWR)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX) == 0)
        let start = ContinuousClock.now
        let error = await #expect(throws: StoreError.self) {
            try await store.entry(for: Sample.key(1), within: .milliseconds(50))
        }
        #expect(error?.code == .timedOut)
        #expect(start.duration(to: .now) < .seconds(30), "the store's deadline is a minute")
        #expect(flock(lock, LOCK_UN) == 0)
        #expect(try await store.entry(for: Sample.key(1), within: .seconds(60)) == nil)
        await store.shutdown()
    }

    @Test func `writes nothing when others have it open`() async throws {
        let store = try place.open(capacity: 7)
        let observer = try RawDatabase(place.path)
        let version = try observer.integer("PRAGMA data_version")
        let other = try place.open(capacity: 7)
        #expect(try await other.entry(for: Sample.key(1)) == nil)
        await other.shutdown()
        #expect(try observer.integer("PRAGMA data_version") == version)
        await store.shutdown()
    }

    @Test func `refuses the database of another application`() throws {
        let database = try RawDatabase(place.path)
        try database.execute("PRAGMA application_id = 77; CREATE TABLE theirs (text TEXT)")
        #expect(codeOfOpening() == .incompatible)
        try database.execute("PRAGMA application_id = 0")
        #expect(codeOfOpening() == .incompatible)
        #expect(try database.integer("SELECT count(*) FROM theirs") == 0)
    }

    /// A file with our version, and even with our tables, is not ours by that.
    @Test(arguments: ["PRAGMA application_id = 77", "UPDATE policy SET version = 3"])
    func `refuses a file that has our version and is not a store's`(change: String) async throws {
        try await fill()
        try RawDatabase(place.path).execute(change)
        #expect(codeOfOpening() == .incompatible)
        #expect(try RawDatabase(place.path).integer("SELECT count(*) FROM entries") == 10)
    }

    @Test(arguments: [1, 3])
    func `refuses the tables of another release and leaves them untouched`(version: Int64) async throws {
        try await fill()
        let database = try RawDatabase(place.path)
        try database.execute("UPDATE policy SET version = \(version); PRAGMA user_version = \(version)")
        let seen = try database.integer("PRAGMA data_version")
        let error = #expect(throws: StoreError.self) { try place.open() }
        #expect(error?.code == .incompatible)
        #expect(error?.message.hasSuffix("the file has schema version \(version), but must have 2") == true)
        #expect(try database.integer("PRAGMA data_version") == seen)
        #expect(try database.integer("PRAGMA user_version") == version)
        #expect(try database.integer("SELECT count(*) FROM entries") == 10)
        #expect(try !place.files().contains("cache.db.corrupt-1"))
    }

    @Test func `finds the marks of the process before`() async throws {
        let clock = ManualClock()
        let keys = [Sample.key(1), Sample.key(2)]
        let first = try place.open(clock: clock)
        try await first.setMark(clock.now, for: keys[0], until: clock.now.advanced(by: .seconds(9)))
        await first.shutdown()
        let second = try place.open(clock: clock)
        #expect(try await second.marks(for: keys) == [clock.now, nil])
        clock.advance(by: .seconds(9))
        #expect(try await second.marks(for: keys) == [nil, nil])
        await second.shutdown()
    }

    @Test func `sets aside what is no database`() async throws {
        try Data("this was never a database, but it is long enough to be one".utf8)
            .write(to: URL(fileURLWithPath: place.path))
        let log = LogCapture()
        let store = try SQLiteStore(path: place.path, logger: log.logger)
        #expect(try await store.count() == 0)
        #expect(try place.files().contains("cache.db.corrupt-1"))
        let line = "error a damaged store file was renamed; an empty one replaces it ["
        #expect(log.messages.map { $0.hasPrefix(line) } == [true])
    }

    @Test(arguments: [2, 100, 5_000, 20_000]) func `begins a truncated file anew`(size: UInt64) async throws {
        try await fill(200)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: place.path))
        try file.truncate(atOffset: size)
        try file.close()
        let store = try place.open()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        #expect(try await store.count() == 1)
        #expect(try place.files().contains("cache.db.corrupt-1"))
    }

    @Test(arguments: [4_096, 8_192, 12_288]) func `begins a file anew whose tables are damaged`(
        offset: UInt64
    ) async throws {
        try await fill(200)
        try place.damage(at: offset, count: Int(try place.status().st_size) - Int(offset))
        let store = try place.open()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        for number in 0..<200 { _ = try await store.entry(for: Sample.key(number)) }
        #expect(try place.files().contains("cache.db.corrupt-1"))
    }

    @Test func `survives any number in its policy`() async throws {
        try await fill()
        for figure in [Int64.max, .min, -1, 0] {
            try RawDatabase(place.path).execute("UPDATE policy SET capacity = \(figure), count = \(figure)")
            let store = try place.open()
            try await store.setEntry(Sample.entry(1), for: Sample.key(1))
            try await store.setEntry(Sample.entry(50), for: Sample.key(50))
            #expect(try await store.capacity() >= 1)
        }
    }

    @Test func `begins a file anew that was emptied`() async throws {
        try await fill()
        try FileHandle(forUpdating: URL(fileURLWithPath: place.path)).truncate(atOffset: 0)
        let store = try place.open()
        #expect(try await store.count() == 0)
    }

    @Test func `keeps the latest damaged files only`() async throws {
        for _ in 0..<5 {
            try await fill(1)
            try place.damage()
        }
        try await fill(1)
        let copies = try place.files().filter {
            $0.contains("corrupt") && !$0.contains("-wal") && !$0.contains("-shm")
        }
        #expect(copies == ["cache.db.corrupt-1", "cache.db.corrupt-2", "cache.db.corrupt-3"])
    }

    @Test func `mends a file that is damaged while it is open, and keeps its capacity`() async throws {
        let store = try place.open(capacity: 5_000)
        for number in 0..<2_000 { try await store.setEntry(Sample.entry(number), for: Sample.key(number)) }
        // Another store, since the first one may find everything in its memory.
        let other = try place.open()
        try RawDatabase(place.path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try place.damage(at: 4_096, count: Int(try place.status().st_size) - 4_096)
        for number in 0..<2_000 { _ = try await other.entry(for: Sample.key(number)) }
        try await other.setEntry(Sample.entry(1), for: Sample.key(1))
        #expect(try await other.count() == 1)
        #expect(try await other.capacity() == 5_000)
        try await eventually { try await store.count() == 1 }
        #expect(try place.files().contains("cache.db.corrupt-1"))
    }

    @Test func `follows a file that was deleted`() async throws {
        let store = try place.open()
        let other = try place.open()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        #expect(try await other.entry(for: Sample.key(1)) != nil)
        unlink(place.path)
        try await store.setEntry(Sample.entry(2), for: Sample.key(2))
        #expect(try await store.entry(for: Sample.key(1)) == nil)
        let start = ContinuousClock.now
        try await eventually { try await other.entry(for: Sample.key(1)) == nil }
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(try await other.entry(for: Sample.key(2)) != nil)
    }

    @Test func `fails while its directory is gone, and works again with it`() async throws {
        let store = try place.open()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        let elsewhere = "\(place.directory)-elsewhere"
        try FileManager.default.moveItem(atPath: place.directory, toPath: elsewhere)
        let error = await #expect(throws: StoreError.self) {
            try await store.setEntry(Sample.entry(2), for: Sample.key(2))
        }
        #expect(error?.code == .unavailable)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: place.directory)
        try await store.setEntry(Sample.entry(2), for: Sample.key(2))
        #expect(try await store.count() == 2)
    }
}
