import CacheStoresWaiting
import Testing

@Suite struct BackoffTests {
    @Test func `doubles up to the limit, from half to all of each length`() {
        var backoff = Backoff(from: .milliseconds(10), to: .milliseconds(35))
        for length in [10, 20, 35, 35] {
            let pause = backoff.next()
            #expect(pause >= .milliseconds(length) / 2 && pause <= .milliseconds(length))
        }
    }

    @Test func `starts again with the shortest after a reset`() {
        var backoff = Backoff(from: .milliseconds(10), to: .seconds(10))
        for _ in 0..<5 { _ = backoff.next() }
        backoff.reset()
        #expect(backoff.next() <= .milliseconds(10))
    }
}
