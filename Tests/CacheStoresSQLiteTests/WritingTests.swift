import CacheStores
import CacheStoresSQLite
import Foundation
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// The thread that writes, and the callers that wait for it.
@Suite(.timeLimit(.minutes(10))) struct WritingTests {
    private let place: TemporaryStore

    init() throws {
        place = try TemporaryStore()
    }

    @Test func `commits what has queued up as one transaction`() async throws {
        let store = try place.open()
        let rival = try RawDatabase(place.path)
        try rival.execute("BEGIN IMMEDIATE")
        try await withThrowingTaskGroup { group in
            for number in 0..<64 {
                group.addTask { try await store.setEntry(Sample.entry(number), for: Sample.key(number)) }
            }
            try await eventually { store.backlog == 64 }
            try rival.execute("COMMIT")
            for try await evicted in group { #expect(evicted == 0) }
        }
        // Some of them were begun before the others came.
        #expect(store.transactions <= 2)
        #expect(try await store.count() == 64)
    }

    @Test func `waits for callers that come back together, and ends at once`() async throws {
        let clock = HaltingClock()
        var tuning = SQLiteTuning(readers: 2)
        tuning.gatherLimit = { _ in .seconds(3600) }
        let store = try SQLiteStore(
            path: place.path,
            capacity: nil,
            clock: WallClock(clock),
            deadline: .seconds(60),
            tuning: tuning
        )
        func set(_ number: Int) async throws {
            try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        }
        // Two that are written together, since they come while another one is being written.
        clock.haltNextReading()
        async let earlier: Void = set(0)
        try await eventually { clock.isHalted }
        async let companion: Void = set(1)
        async let other: Void = set(2)
        try await eventually { store.backlog == 3 }
        clock.goOn()
        _ = try await (earlier, companion, other)
        #expect(store.transactions == 2)

        async let first: Void = set(3)
        try await eventually { store.backlog == 1 }
        #expect(store.transactions == 2)
        async let second: Void = set(4)
        _ = try await (first, second)
        #expect(store.transactions == 3)
        await store.shutdown()
    }

    @Test func `gives up when its deadline passes, and leaves nothing behind`() async throws {
        let store = try SQLiteStore(path: place.path, deadline: .milliseconds(100))
        let patient = try place.open()
        let rival = try RawDatabase(place.path)
        try rival.execute("BEGIN IMMEDIATE")
        let error = await #expect(throws: StoreError.self) {
            try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        }
        #expect(error?.code == .timedOut)
        #expect(try await patient.entry(for: Sample.key(1)) == nil)
        try rival.execute("COMMIT")
        try await patient.setEntry(Sample.entry(2), for: Sample.key(2))
        #expect(try await patient.count() == 1)
    }

    /// Takes five seconds; a machine that stalls makes every caller wait for longer, never for less.
    @Test func `keeps each caller to its own deadline, however long others wait`() async throws {
        let store = try SQLiteStore(path: place.path, deadline: .seconds(3))
        let rival = try RawDatabase(place.path)
        try rival.execute("BEGIN IMMEDIATE")
        // The second and the third wait in one transaction, which is not given up before the third one's deadline.
        func failure(_ number: Int) async -> Duration {
            let start = ContinuousClock.now
            await #expect(throws: StoreError.self) {
                try await store.setEntry(Sample.entry(number), for: Sample.key(number))
            }
            return ContinuousClock.now - start
        }
        async let first = failure(0)
        async let second = failure(1)
        try await eventually { store.backlog == 2 }
        try await Task.sleep(for: .seconds(2))
        async let third = failure(2)
        for duration in await [first, second, third] { #expect(duration >= .milliseconds(2_990)) }
        try rival.execute("COMMIT")
    }

    @Test func `looks up on a thread of its own when no connection is idle`() async throws {
        let store = try SQLiteStore(path: place.path, capacity: nil, tuning: SQLiteTuning(readers: 0))
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { try await store.entry(for: Sample.key(1))?.value == Sample.value(1) }
            }
            for try await isFound in group { #expect(isFound) }
        }
    }

    @Test func `returns at once when its task is cancelled`() async throws {
        let store = try place.open()
        let rival = try RawDatabase(place.path)
        try rival.execute("BEGIN IMMEDIATE")
        let first = Task { try await store.setEntry(Sample.entry(1), for: Sample.key(1)) }
        let second = Task { try await store.setEntry(Sample.entry(2), for: Sample.key(2)) }
        second.cancel()
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        await #expect(throws: CancellationError.self) { try await second.value }
        // A write whose caller has stopped waiting is not begun.
        try rival.execute("COMMIT")
        try await store.setEntry(Sample.entry(3), for: Sample.key(3))
        #expect(try await store.count() == 1)
    }

    @Test func `does a cancelled write before it throws, or never`() async throws {
        let clock = HaltingClock()
        let store = try SQLiteStore(
            path: place.path,
            clock: WallClock(clock),
            deadline: .seconds(60)
        )
        clock.haltNextReading()
        let write = Task { try await store.setEntry(Sample.entry(1), for: Sample.key(1)) }
        try await eventually(within: .seconds(60)) { clock.isHalted }
        write.cancel()
        clock.goOn()
        let isDone = if case .success = await write.result { true } else { false }
        try await eventually(within: .seconds(60)) { store.backlog == 0 }
        let isFound = try await store.entry(for: Sample.key(1)) != nil
        #expect(isFound == isDone)
    }

    @Test func `finishes what was queued before it shuts down`() async throws {
        let store = try place.open()
        let rival = try RawDatabase(place.path)
        try rival.execute("BEGIN IMMEDIATE")
        async let evicted = store.setEntry(Sample.entry(1), for: Sample.key(1))
        async let second = store.setEntry(Sample.entry(2), for: Sample.key(2))
        try await eventually { store.backlog == 2 }
        async let shutdown: Void = store.shutdown()
        try rival.execute("COMMIT")
        #expect(try await evicted == 0)
        #expect(try await second == 0)
        await shutdown
        #expect(try await place.open().count() == 2)
    }

    @Test func `says that the file is full, keeps what it has and goes on when there is room`() async throws {
        await (try place.open(capacity: 1_000)).shutdown()
        var tuning = SQLiteTuning(readers: 2)
        tuning.maximumPageCount = 40
        let store = try SQLiteStore(path: place.path, capacity: nil, tuning: tuning)
        var stored = 0
        let error = await #expect(throws: StoreError.self) {
            while true {
                try await store.setEntry(Sample.entry(stored), for: Sample.key(stored))
                stored += 1
            }
        }
        #expect(error?.code == .full)
        #expect(stored > 50)
        #expect(try await store.count() == stored)
        for number in 0..<40 { try await store.removeEntry(for: Sample.key(number)) }
        try await store.setEntry(Sample.entry(stored), for: Sample.key(stored))
        #expect(try await store.count() == stored - 39)
        let rows = try RawDatabase(place.path).integer(
            "SELECT count(*) - (SELECT count FROM policy) FROM entries"
        )
        #expect(rows == 0)
    }

    @Test func `one value that does not fit spoils nothing for the others`() async throws {
        await (try place.open(capacity: 1_000)).shutdown()
        var tuning = SQLiteTuning(readers: 2)
        tuning.maximumPageCount = 60
        let store = try SQLiteStore(path: place.path, capacity: nil, deadline: .seconds(60), tuning: tuning)
        let rival = try RawDatabase(place.path)
        try rival.execute("BEGIN IMMEDIATE")
        let failures = try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                let size = number == 7 ? 800_000 : 20
                let entry = CacheEntry([UInt8](repeating: 1, count: size), expiry: .distantFuture)
                group.addTask { () -> Int? in
                    do {
                        try await store.setEntry(entry, for: Sample.key(number))
                        return nil
                    } catch let error as StoreError where error.code == .full {
                        return number
                    }
                }
            }
            try await eventually { store.backlog == 20 }
            try rival.execute("COMMIT")
            return try await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        #expect(failures == [7])
        #expect(try await store.count() == 19)
    }

    @Test func `keeps its log short although it is always being read`() async throws {
        let store = try place.open(capacity: 20)
        try await withThrowingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    _ = try? await store.entry(for: Sample.key(1))
                    // A lookup that is found at once leaves no room for other tasks.
                    await Task.yield()
                }
            }
            for number in 0..<400 {
                let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 100_000)
                try await store.setEntry(
                    CacheEntry(value, expiry: .distantFuture),
                    for: Sample.key(number % 30)
                )
            }
            group.cancelAll()
        }
        #expect(try place.status("-wal").st_size < 24 << 20)
    }

    @Test func `leaves no thread and no file open behind`() async throws {
        weak var store: SQLiteStore?
        do {
            let opened = try place.open()
            store = opened
            try await opened.setEntry(Sample.entry(1), for: Sample.key(1))
            #expect(try await opened.entry(for: Sample.key(1)) != nil)
        }
        #expect(store == nil)
        let path = place.path
        try await eventually { try openFiles().allSatisfy { !$0.hasPrefix(path) } }
    }
}
