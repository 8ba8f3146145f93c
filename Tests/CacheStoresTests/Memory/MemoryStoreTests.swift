import CacheStores
import CacheStoresTesting
import Testing
import TokenVerificationTestSupport

/// What is special to the memory store; the contract is tested by the kit.
@Suite(.timeLimit(.minutes(10))) struct MemoryStoreTests {
    private final class Witness: Sendable {}

    private let clock = ManualClock()

    private func expiry(in duration: Duration) -> Timestamp { clock.now.advanced(by: duration) }

    @Test func `evicts the oldest of a hundred thousand`() async throws {
        let store = try MemoryStore<Int>(capacity: 100_000, clock: WallClock(clock))
        for number in 0..<250_000 {
            if number.isMultiple(of: 1_000) { await Task.yield() }
            try await store.setEntry(
                CacheEntry(number, expiry: expiry(in: .seconds(60))),
                for: Sample.key(number)
            )
        }
        #expect(try await store.count() == 100_000)
        for number in stride(from: 0, to: 250_000, by: 997) {
            #expect(
                try await store.entry(for: Sample.key(number))?.value == (number < 150_000 ? nil : number)
            )
        }
    }

    @Test func `finds the expired among lives of any length`() async throws {
        let store = try MemoryStore<Int>(capacity: 5_000, clock: WallClock(clock))
        var generator = SystemRandomNumberGenerator()
        var expiries: [Timestamp] = []
        for number in 0..<5_000 {
            let life = Int64(1) << Int64.random(in: 0...50, using: &generator)
            expiries.append(expiry(in: .milliseconds(life + .random(in: 0..<life, using: &generator))))
            try await store.setEntry(CacheEntry(number, expiry: expiries[number]), for: Sample.key(number))
        }
        for step in 0...50 {
            let live = expiries.count { clock.now < $0 }
            #expect(try await store.count() == live, "after 2^\(step) ms")
            clock.advance(by: .milliseconds(Int64(1) << Int64(step)))
        }
    }

    @Test func `keeps what lives again after the clock stepped back`() async throws {
        let store = try MemoryStore<Int>(capacity: 3, clock: WallClock(clock))
        try await store.setEntry(CacheEntry(1, expiry: expiry(in: .seconds(10))), for: Sample.key(1))
        clock.advance(by: .seconds(-3_600))
        try await store.setEntry(CacheEntry(2, expiry: expiry(in: .seconds(5))), for: Sample.key(2))
        try await store.setEntry(CacheEntry(3, expiry: expiry(in: .seconds(20))), for: Sample.key(3))
        clock.advance(by: .seconds(6))
        try await store.setEntry(CacheEntry(4, expiry: expiry(in: .seconds(20))), for: Sample.key(4))
        #expect(try await store.entry(for: Sample.key(1))?.value == 1, "the expired one went first")
        #expect(try await store.entry(for: Sample.key(2)) == nil)
        #expect(try await store.count() == 3)
    }

    @Test(arguments: [0, 1, 3_600_000])
    func `moves no entry again and again for a clock that goes back and forth`(step: Int64) async throws {
        let size = 20_000
        // Where all but the lowest twenty bits of the time change.
        clock.advance(by: clock.now.duration(to: Timestamp(millisecondsSince1970: 1 << 40)))
        let store = try MemoryStore<Int>(capacity: size, clock: WallClock(clock))
        for number in 0..<size {
            let life = Duration.milliseconds(300_000 + number)
            try await store.setEntry(CacheEntry(number, expiry: expiry(in: life)), for: Sample.key(number))
        }
        let writes = 1_000
        let before = store.expiryMoves
        for number in size..<(size + writes) {
            clock.advance(by: .milliseconds(number % 2 == 0 ? -1 - step : 1 + step))
            try await store.setEntry(
                CacheEntry(number, expiry: expiry(in: .seconds(300))),
                for: Sample.key(number)
            )
        }
        #expect(try await store.count() <= size)
        // At most once per bit of the time for each entry, and the height of a heap for each write.
        #expect(store.expiryMoves - before <= 40 * (size + writes), "not some \(size) for each write")
    }

    @Test func `finds the expired by a clock that goes back and forth`() async throws {
        let store = try MemoryStore<Int>(capacity: 400, clock: WallClock(clock))
        var generator = SystemRandomNumberGenerator()
        var expiries: [Timestamp] = []
        for number in 0..<400 {
            expiries.append(expiry(in: .milliseconds(.random(in: 1...5_000, using: &generator))))
            try await store.setEntry(CacheEntry(number, expiry: expiries[number]), for: Sample.key(number))
            clock.advance(by: .milliseconds(.random(in: -4_000...4_000, using: &generator)))
            // A count drops what has expired; a lookup tells what is left and alive.
            let count = try await store.count()
            var live = 0
            for number in expiries.indices {
                let found = try await store.entry(for: Sample.key(number))
                live += found == nil ? 0 : 1
                if clock.now >= expiries[number] { #expect(found == nil) }
                if found == nil { expiries[number] = .distantPast }
            }
            #expect(count == live)
        }
    }

    @Test func `lets go of every value`() async throws {
        weak var evicted: Witness?
        weak var replaced: Witness?
        weak var expired: Witness?
        weak var kept: Witness?
        do {
            let store = try MemoryStore<Witness>(capacity: 2, clock: WallClock(clock))
            func set(_ number: Int, _ life: Duration) async throws -> Witness {
                let witness = Witness()
                try await store.setEntry(
                    CacheEntry(witness, expiry: expiry(in: life)),
                    for: Sample.key(number)
                )
                return witness
            }
            expired = try await set(0, .seconds(1))
            clock.advance(by: .seconds(1))
            evicted = try await set(1, .seconds(60))
            replaced = try await set(2, .seconds(60))
            _ = try await set(2, .seconds(60))
            kept = try await set(3, .seconds(60))
            #expect(evicted == nil && replaced == nil && expired == nil && kept != nil)
        }
        #expect(kept == nil)
    }

    @Test func `refuses capacities that it can't keep`() throws {
        for capacity in [-1, Int.min, 1 << 32, Int.max] {
            #expect(throws: StoreError.self) { try MemoryStore<Int>(capacity: capacity) }
        }
    }

    @Test func `answers whole values while many tasks write`() async throws {
        let store = try MemoryStore<[UInt8]>(capacity: 64)
        try await withThrowingTaskGroup { group in
            for task in 0..<4 {
                group.addTask {
                    for round in 0..<20_000 {
                        let key = Sample.key(round % 100)
                        let value = [UInt8](
                            repeating: UInt8(truncatingIfNeeded: round &* (task + 1)),
                            count: 64
                        )
                        try await store.setEntry(CacheEntry(value, expiry: .distantFuture), for: key)
                        if let found = try await store.entry(for: key)?.value {
                            #expect(Set(found).count == 1)
                        }
                        if round % 512 == 0 { try await store.removeAll() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.count() <= 64)
    }
}
