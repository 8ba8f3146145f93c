import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(5))) struct OpenedRecordsTests {
    private let scene = Scene()
    private let records = OpenedRecords()

    /// A key; those that differ only in their number share a place.
    private func key(_ number: Int, place: UInt64 = 0) -> CacheKey {
        CacheKey(words: (UInt64(number), 0, place % 16, place / 16))
    }

    /// Looks at a record whose content names its key and its bytes, and tells whether it had to be opened.
    private func isOpened(_ record: [UInt8], under key: CacheKey) -> Bool {
        var isOpened = false
        let found = records.content(of: record, under: key) {
            isOpened = true
            return content(of: record, under: key)
        }
        #expect(found?.token.subject == subject(of: record, under: key))
        return isOpened
    }

    private func content(of record: [UInt8], under key: CacheKey) -> RecordContent {
        var content = VerifiedToken.Content(verifiedAt: scene.clock.now)
        content.subject = subject(of: record, under: key)
        return RecordContent(token: VerifiedToken(content), expiry: .distantFuture)
    }

    private func subject(of record: [UInt8], under key: CacheKey) -> String {
        "\(key.bytes) \(record.count) \(record.first ?? 0)"
    }

    @Test func `opens a record until it has come twice`() {
        #expect(isOpened([1], under: key(1)))
        #expect(isOpened([1], under: key(1)))
        for _ in 0..<3 { #expect(!isOpened([1], under: key(1))) }
    }

    @Test func `opens a record that has changed, once`() {
        for byte in UInt8(1)...3 { for _ in 0..<2 { _ = isOpened([byte], under: key(1)) } }
        #expect(!isOpened([3], under: key(1)))
        #expect(isOpened([1], under: key(1)))
        #expect(!isOpened([1], under: key(1)))
        #expect(isOpened([1, 1], under: key(1)))
    }

    @Test func `takes no record for another key's`() {
        for number in 1...3 { for _ in 0..<3 { _ = isOpened([1], under: key(number)) } }
        #expect(isOpened([1], under: key(1)))
        #expect(isOpened([1], under: key(4)))
    }

    @Test func `keeps a place for who comes again, not for passers-by`() {
        for _ in 0..<2 { _ = isOpened([1], under: key(1)) }
        for number in 2...100 { #expect(isOpened([1], under: key(number))) }
        #expect(!isOpened([1], under: key(1)))
        // Whoever's record was in use meanwhile keeps its place.
        _ = isOpened([1], under: key(2))
        _ = isOpened([1], under: key(1))
        _ = isOpened([1], under: key(2))
        #expect(!isOpened([1], under: key(1)))
        for _ in 0..<2 { _ = isOpened([1], under: key(2)) }
        #expect(isOpened([1], under: key(1)))
        #expect(!isOpened([1], under: key(2)))
    }

    @Test func `has four thousand places`() {
        for _ in 0..<2 { for place in 0..<4096 { _ = isOpened([1], under: key(1, place: UInt64(place))) } }
        for place in 0..<4096 { #expect(!isOpened([1], under: key(1, place: UInt64(place)))) }
    }

    @Test func `remembers no large record`() {
        for excess in 0...1 {
            let record = [UInt8](repeating: 1, count: OpenedRecords.maximumSize + excess)
            for _ in 0..<2 { _ = isOpened(record, under: key(excess)) }
            #expect(isOpened(record, under: key(excess)) == (excess > 0))
        }
    }

    @Test func `remembers nothing of what does not open`() {
        for _ in 0..<3 { #expect(records.content(of: [1], under: key(1), opening: { nil }) == nil) }
        #expect(isOpened([1], under: key(1)))
    }

    @Test func `forgets one key, or all`() {
        for place in UInt64(0)..<40 { for _ in 0..<2 { _ = isOpened([1], under: key(1, place: place)) } }
        records.forget(key(1, place: 3))
        records.forget(key(2, place: 4))
        #expect(isOpened([1], under: key(1, place: 3)))
        #expect(!isOpened([1], under: key(1, place: 4)))
        records.forgetAll()
        for place in UInt64(0)..<40 { #expect(isOpened([1], under: key(1, place: place))) }
    }

    @Test func `gives each of many tasks what belongs to its record`() async {
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    var generator = SeededGenerator(seed: UInt64(task))
                    for _ in 0..<20_000 {
                        let number = Int.random(in: 1...3, using: &generator)
                        let place = UInt64.random(in: 0..<4, using: &generator)
                        let record = [UInt8.random(in: 1...2, using: &generator)]
                        let key = key(number, place: place)
                        if Int.random(in: 0..<50, using: &generator) == 0 { records.forget(key) }
                        if Int.random(in: 0..<500, using: &generator) == 0 { records.forgetAll() }
                        _ = isOpened(record, under: key)
                    }
                }
            }
        }
    }
}
