import CacheStores
import Testing

@Suite(.timeLimit(.minutes(10))) struct TimestampTests {
    @Test(arguments: [Int64.min, -4_503_599_627_370_497, -4_503_599_627_370_496])
    func `clamps the distant past`(milliseconds: Int64) {
        #expect(Timestamp(millisecondsSince1970: milliseconds) == .distantPast)
    }

    @Test(arguments: [Double.infinity, 1e300, 1e18])
    func `clamps seconds that no clock shows`(seconds: Double) {
        #expect(Timestamp(secondsSince1970: seconds) == .distantFuture)
        #expect(Timestamp(secondsSince1970: -seconds) == .distantPast)
    }

    @Test func `has no moment for what is not a number`() {
        #expect(Timestamp(secondsSince1970: .nan) == nil)
    }

    @Test func `rounds seconds down to a millisecond`() {
        #expect(Timestamp(secondsSince1970: 1.9996)?.millisecondsSince1970 == 1999)
        #expect(Timestamp(secondsSince1970: -0.0001)?.millisecondsSince1970 == -1)
    }

    @Test(arguments: [Duration.seconds(Int64.max), .milliseconds(Int64.max), .seconds(Int64.min)])
    func `stays within its bounds when advanced`(duration: Duration) {
        let end: Timestamp = duration > .zero ? .distantFuture : .distantPast
        #expect(Timestamp(millisecondsSince1970: 0).advanced(by: duration) == end)
    }

    @Test func `measures the way between two moments`() {
        let start = Timestamp(millisecondsSince1970: 1_000)
        #expect(start.duration(to: start.advanced(by: .seconds(3))) == .seconds(3))
    }
}
