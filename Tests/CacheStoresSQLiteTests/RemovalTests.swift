import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// A removal is not undone by an older answer: rule 8, by the moments that a write carries.
@Suite(.timeLimit(.minutes(10))) struct RemovalTests {
    private let place: TemporaryStore
    private let clock = ManualClock()
    private let store: SQLiteStore

    init() throws {
        place = try TemporaryStore()
        store = try place.open(clock: clock)
    }

    /// The moment so many milliseconds from now.
    private func after(_ milliseconds: Int) -> Timestamp {
        clock.now.advanced(by: .milliseconds(milliseconds))
    }

    /// Sets the entry of a number and returns which of its versions is there then.
    private func set(
        _ number: Int,
        version: Int = 1,
        asked: Timestamp? = nil,
        before end: Timestamp? = nil,
        in other: SQLiteStore? = nil
    ) async throws -> Int? {
        let store = other ?? store
        let entry = Sample.entry(number, version: version)
        let living = CacheEntry(entry.value, expiry: .distantFuture)
        #expect(try await store.setEntry(living, for: Sample.key(number), asked: asked, before: end) == 0)
        return try await self.version(number)
    }

    private func version(_ number: Int) async throws -> Int? {
        try await store.entry(for: Sample.key(number)).flatMap { Sample.version(of: $0, number) }
    }

    @Test func `stores what was asked more than a second after the removal, and nothing else`() async throws {
        try await store.removeEntry(for: Sample.key(1), holding: .seconds(120))
        let removal = clock.now
        for wait in [Duration.zero, .seconds(100)] {
            clock.advance(by: wait)
            try await store.removeEntry(for: Sample.key(2), holding: .seconds(1))
            #expect(try await set(1) == nil)
            #expect(try await set(1, asked: .distantPast) == nil)
            #expect(try await set(1, asked: removal.advanced(by: .seconds(1))) == nil)
        }
        #expect(try await set(1, asked: removal.advanced(by: .milliseconds(1_001))) == 1)
        // The removal is still remembered, and leaves alone what came after it.
        #expect(try await set(1, version: 2, asked: removal) == 1)
        #expect(try await set(1, version: 2) == 1)
        clock.advance(by: .milliseconds(19_999))
        #expect(try await set(1, version: 2) == 1)
        clock.advance(by: .milliseconds(1))
        #expect(try await set(1, version: 2) == 2)
    }

    @Test func `remembers the removal of everything in the same way`() async throws {
        #expect(try await set(1) == 1)
        try await store.removeAll(holding: .seconds(10))
        #expect(try await set(1) == nil)
        #expect(try await set(2, asked: after(1_000)) == nil)
        #expect(try await set(2, asked: after(1_001)) == 1)
        // The latest moment and the latest end count.
        clock.advance(by: .seconds(2))
        try await store.removeAll(holding: .seconds(1))
        clock.advance(by: .milliseconds(7_999))
        #expect(try await set(3, asked: after(-6_999)) == nil)
        #expect(try await set(3, asked: after(-6_998)) == 1)
        clock.advance(by: .milliseconds(1))
        #expect(try await set(4) == 1)
    }

    @Test func `remembers several removals of a key as one`() async throws {
        try await store.removeEntry(for: Sample.key(1), holding: .seconds(10))
        clock.advance(by: .seconds(5))
        try await store.removeEntry(for: Sample.key(1), holding: .seconds(1))
        clock.advance(by: .milliseconds(4_999))
        #expect(try await set(1, asked: after(-3_999)) == nil)
        #expect(try await set(1, asked: after(-3_998)) == 1)
        #expect(try await set(1, version: 2) == 1)
        clock.advance(by: .milliseconds(1))
        #expect(try await set(1, version: 2) == 2)
    }

    @Test func `leaves nothing behind without a time to remember`() async throws {
        for hold in [Duration.zero, .seconds(-5)] {
            try await store.removeEntry(for: Sample.key(1), holding: hold)
            #expect(try await set(1, asked: .distantPast) == 1)
            try await store.removeAll(holding: hold)
            #expect(try await set(1, asked: .distantPast) == 1)
        }
    }

    @Test func `ignores a write from the moment on that it has to come before`() async throws {
        #expect(try await set(1, asked: clock.now, before: after(1)) == 1)
        #expect(try await set(1, version: 2, before: clock.now) == 1)
        #expect(try await set(1, version: 2, before: after(-1)) == 1)
        #expect(try await set(2, asked: .distantFuture, before: clock.now) == nil)
        #expect(try await set(1, version: 2, before: .distantFuture) == 2)
    }

    @Test func `an expired entry that must not be set removes nothing`() async throws {
        try await store.removeEntry(for: Sample.key(1), holding: .seconds(10))
        #expect(try await set(1, asked: after(1_001)) == 1)
        #expect(try await set(2) == 1)
        let expired = CacheEntry([7] as [UInt8], expiry: clock.now)
        let idle = try place.open(capacity: 0, clock: clock)
        for store in [store, idle] {
            try await store.setEntry(expired, for: Sample.key(1), asked: after(1_000), before: nil)
            try await store.setEntry(expired, for: Sample.key(2), asked: nil, before: clock.now)
        }
        #expect(try await version(1) == 1)
        #expect(try await version(2) == 1)
        try await store.setEntry(expired, for: Sample.key(1), asked: after(1_001), before: after(1))
        #expect(try await version(1) == nil)
    }

    @Test func `is remembered by stores that open the file later`() async throws {
        try await store.removeEntry(for: Sample.key(1), holding: .seconds(10))
        let other = try place.open(clock: clock)
        #expect(try await set(1, asked: after(1_000), in: other) == nil)
        await other.shutdown()
        await store.shutdown()
        let next = try place.open(clock: clock)
        for asked in [nil, after(1_000)] {
            try await next.setEntry(Sample.entry(1), for: Sample.key(1), asked: asked, before: nil)
            #expect(try await next.count() == 0)
        }
        try await next.setEntry(Sample.entry(1), for: Sample.key(1), asked: after(1_001), before: nil)
        #expect(try await next.count() == 1)
    }
}
