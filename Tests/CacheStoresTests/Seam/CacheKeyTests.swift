import CacheStores
import Testing

@Suite(.timeLimit(.minutes(10))) struct CacheKeyTests {
    @Test(arguments: [0, 31, 33])
    func `is not made of other than 32 bytes`(count: Int) {
        #expect(CacheKey([UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func `gives its digest back`() throws {
        let digest = [UInt8](0..<32)
        #expect(try #require(CacheKey(digest)).bytes == digest)
    }

    @Test func `prints no more than a prefix`() throws {
        let key = try #require(CacheKey([0xDE, 0xAD, 0xBE, 0xEF] + [UInt8](repeating: 0x77, count: 28)))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(text.contains("deadbeef") && !text.contains("77"))
        }
    }

    @Test func `differs in any byte`() throws {
        let digest = [UInt8](repeating: 0, count: 32)
        for position in 0..<32 {
            var other = digest
            other[position] = 1
            #expect(CacheKey(other) != CacheKey(digest))
        }
    }
}
