import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct OpenedRecordsTests {
    private let scene = Scene()
    private let records = OpenedRecords(capacity: 4096)

    /// A key; those that differ only in their number share a shelf of four.
    private func key(_ number: Int, shelf: Int = 0) -> CacheKey {
        CacheKey(words: (UInt64(number), 0, 0, UInt64(shelf) << 54))
    }

    /// Looks at a record whose content names its key and its bytes, and tells whether it had to be opened.
    private func isOpened(
        _ record: [UInt8],
        under key: CacheKey,
        expiry: Timestamp = .distantFuture,
        among records: OpenedRecords? = nil
    ) -> Bool {
        var isOpened = false
        let found = (records ?? self.records).content(of: record, under: key, at: scene.clock.now) {
            isOpened = true
            return content(of: record, under: key, expiry: expiry)
        }
        #expect(found?.token.subject == subject(of: record, under: key))
        return isOpened
    }

    private func content(of record: [UInt8], under key: CacheKey, expiry: Timestamp) -> RecordContent {
        var content = VerifiedToken.Content(verifiedAt: scene.clock.now)
        content.subject = subject(of: record, under: key)
        return RecordContent(token: VerifiedToken(content), expiry: expiry)
    }

    private func subject(of record: [UInt8], under key: CacheKey) -> String {
        "\(key.bytes) \(record.count) \(record.first ?? 0)"
    }

    @Test func `opens a record once`() {
        #expect(isOpened([1], under: key(1)))
        for _ in 0..<3 { #expect(!isOpened([1], under: key(1))) }
    }

    @Test func `opens a record that has changed, once`() {
        for byte in UInt8(1)...3 {
            #expect(isOpened([byte], under: key(1)))
            #expect(!isOpened([byte], under: key(1)))
        }
        #expect(isOpened([1], under: key(1)))
        #expect(isOpened([1, 1], under: key(1)))
    }

    @Test func `takes no record for another key's`() {
        // Keys that have more and more in common.
        let keys = [key(1), key(1, shelf: 1), key(2), key(1 + 1 << 32), CacheKey(words: (1, 1, 0, 0))]
        for key in keys { #expect(isOpened([1], under: key)) }
        for key in keys { #expect(!isOpened([1], under: key)) }
    }

    @Test func `keeps a full shelf for who comes again, not for passers-by`() {
        for number in 1...4 { #expect(isOpened([1], under: key(number))) }
        for number in 5...100 { #expect(isOpened([1], under: key(number))) }
        for number in 1...4 { #expect(!isOpened([1], under: key(number))) }
        // Those whose records are in use meanwhile keep their places.
        for _ in 0..<3 {
            #expect(isOpened([1], under: key(5)))
            #expect(!isOpened([1], under: key(1)))
        }
        for newcomer in 5...8 {
            for _ in 0..<2 { #expect(isOpened([1], under: key(newcomer))) }
            #expect(!isOpened([1], under: key(newcomer)))
        }
        for number in 1...4 { #expect(isOpened([1], under: key(number))) }
    }

    @Test func `gives the place of an expired record to any other`() {
        let expiry = scene.clock.now.advanced(by: .seconds(10))
        for number in 1...4 {
            _ = isOpened([1], under: key(number), expiry: number == 3 ? expiry : .distantFuture)
        }
        #expect(isOpened([1], under: key(5)))
        #expect(isOpened([1], under: key(6)))
        #expect(isOpened([1], under: key(5)))
        scene.clock.advance(by: .seconds(10))
        #expect(isOpened([1], under: key(6)))
        #expect([1, 2, 4, 6].allSatisfy { !isOpened([1], under: key($0)) })
        #expect(records.count == 4)
    }

    @Test(arguments: [0, 3, 4, 60, 64, 1000, 4096])
    func `remembers as many as it may`(capacity: Int) {
        let records = OpenedRecords(capacity: capacity)
        var generator = SplitMix64(seed: 1)
        for _ in 0..<8 * capacity + 8 {
            let words = (0..<4).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
            let key = CacheKey(words: (words[0], words[1], words[2], words[3]))
            #expect(isOpened([1], under: key, among: records))
            #expect(records.count <= capacity)
        }
        #expect(records.count >= capacity / 4 * 4 * 9 / 10)
    }

    @Test func `remembers no large record`() {
        for excess in 0...1 {
            let record = [UInt8](repeating: 1, count: OpenedRecords.maximumSize + excess)
            _ = isOpened(record, under: key(excess))
            #expect(isOpened(record, under: key(excess)) == (excess > 0))
        }
        // Nor what was there before it had grown.
        #expect(records.count == 1)
        #expect(isOpened([UInt8](repeating: 1, count: OpenedRecords.maximumSize + 1), under: key(0)))
        #expect(records.count == 0)
    }

    @Test func `remembers nothing of what does not open`() {
        for _ in 0..<3 {
            let content = records.content(of: [1], under: key(1), at: scene.clock.now) { nil }
            #expect(content == nil && records.count == 0)
        }
        #expect(isOpened([1], under: key(1)))
    }

    @Test func `forgets one key, or all`() {
        let keys = (0..<8).map { key($0, shelf: $0 % 2) }
        for key in keys { _ = isOpened([1], under: key) }
        records.forget(keys[2])
        records.forget(key(100))
        for (number, key) in keys.enumerated() { #expect(isOpened([1], under: key) == (number == 2)) }
        records.forgetAll()
        #expect(records.count == 0)
        for key in keys { #expect(isOpened([1], under: key)) }
        #expect(records.count == 8)
    }

    @Test func `remembers nothing once it is closed`() {
        _ = isOpened([1], under: key(1))
        records.close()
        records.forgetAll()
        for _ in 0..<3 { #expect(isOpened([1], under: key(1))) }
        #expect(records.count == 0)
    }

    @Test func `makes room in order after one was forgotten`() {
        for number in 1...5 { for _ in 0..<2 { _ = isOpened([1], under: key(number)) } }
        records.forget(key(3))
        for number in 6...8 { for _ in 0..<2 { _ = isOpened([1], under: key(number)) } }
        #expect([2, 4, 5, 6, 7, 8].filter { !isOpened([1], under: key($0)) } == [4, 6, 7, 8])
    }

    @Test func `gives each of many tasks what belongs to its record`() async {
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    var generator = SplitMix64(seed: UInt64(task))
                    for round in 0..<20_000 {
                        if round.isMultiple(of: 1_000) { await Task.yield() }
                        let number = Int.random(in: 1...6, using: &generator)
                        let shelf = Int.random(in: 0..<4, using: &generator)
                        let record = [UInt8.random(in: 1...2, using: &generator)]
                        let key = key(number, shelf: shelf)
                        if Int.random(in: 0..<50, using: &generator) == 0 { records.forget(key) }
                        if Int.random(in: 0..<500, using: &generator) == 0 { records.forgetAll() }
                        _ = isOpened(record, under: key)
                    }
                }
            }
        }
    }
}
