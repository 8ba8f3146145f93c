import CacheStoresWaiting
import Testing

@Suite struct DeadlineTests {
    @Test func `passes after its time, and not before`() {
        let deadline = Deadline(after: .seconds(60))
        #expect(!deadline.hasPassed)
        #expect(deadline.remaining > .seconds(30) && deadline.remaining <= .seconds(60))
        #expect(Deadline(after: .zero) < deadline)
    }

    @Test(arguments: [Duration.zero, .seconds(-5), .seconds(Int64.min)])
    func `has passed already without a positive time`(time: Duration) {
        let deadline = Deadline(after: time)
        #expect(deadline.hasPassed)
        #expect(deadline.remaining == .zero)
    }

    @Test func `takes any length without a trap`() {
        #expect(!Deadline(after: .seconds(Int64.max)).hasPassed)
    }
}
