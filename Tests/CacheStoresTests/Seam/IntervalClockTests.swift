import CacheStores
import CacheStoresTesting
import CacheStoresWaiting
import Testing

@Suite struct IntervalClockTests {
    @Test func `follows a clock that a test injected`() {
        let manual = ManualClock()
        let clock = WallClock(manual).intervals
        let start = clock.now
        #expect(clock.now == start)
        manual.advance(by: .seconds(5))
        #expect(start.duration(to: clock.now) == .seconds(5))
    }

    @Test func `goes on by itself otherwise`() {
        let clock = WallClock.system.intervals
        let before = ContinuousClock.now
        #expect(before <= clock.now && clock.now <= .now)
    }
}
