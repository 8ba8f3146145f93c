import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct BreakerTests {
    private let clock = ManualClock()

    private func breaker(random: Double = 0) -> Breaker {
        Breaker(threshold: 3, length: .seconds(10), clock: WallClock(clock).intervals, random: { random })
    }

    private func fail(_ breaker: Breaker, times: Int) {
        for _ in 0..<times { breaker.noteFailure() }
    }

    /// Expects that no call passes for a time, and that one does from then on.
    private func expectOpen(
        _ breaker: Breaker,
        for length: Duration,
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(!breaker.admit(), sourceLocation: location)
        clock.advance(by: length - .milliseconds(1))
        #expect(!breaker.admit(), sourceLocation: location)
        clock.advance(by: .milliseconds(1))
        #expect(breaker.admit(), sourceLocation: location)
    }

    @Test func `opens after so many failures in a row, and not before`() {
        let breaker = breaker()
        fail(breaker, times: 2)
        breaker.noteSuccess()
        fail(breaker, times: 2)
        #expect(breaker.admit())
        fail(breaker, times: 1)
        expectOpen(breaker, for: .seconds(10))
    }

    @Test func `lets one call pass when its pause is over, and closes if that succeeds`() {
        let breaker = breaker()
        fail(breaker, times: 3)
        expectOpen(breaker, for: .seconds(10))
        #expect(!breaker.admit(), "one call at a time")
        breaker.noteSuccess()
        for _ in 0..<3 { #expect(breaker.admit()) }
        fail(breaker, times: 2)
        #expect(breaker.admit())
    }

    @Test func `opens again if that call fails, and forgets one that never came back`() {
        let breaker = breaker()
        fail(breaker, times: 3)
        clock.advance(by: .seconds(10))
        #expect(breaker.admit())
        fail(breaker, times: 1)
        expectOpen(breaker, for: .seconds(10))
        clock.advance(by: .seconds(10))
        #expect(breaker.admit())
    }

    @Test func `stays open up to half as long again, at random`() {
        let breaker = breaker(random: 0.5)
        fail(breaker, times: 3)
        expectOpen(breaker, for: .milliseconds(12_500))
    }

    @Test func `is not moved by calls from before its pause`() {
        let breaker = breaker()
        fail(breaker, times: 3)
        clock.advance(by: .seconds(4))
        breaker.noteSuccess()
        fail(breaker, times: 5)
        expectOpen(breaker, for: .seconds(6))
    }
}
