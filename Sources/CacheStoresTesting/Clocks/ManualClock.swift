public import CacheStores
import CacheStoresWaiting

/// A wall clock that stands still until a test moves it, forwards or backwards.
///
/// ```swift
/// let clock = ManualClock()
/// let store = try MemoryStore<String>(capacity: 2, clock: WallClock(clock))
/// clock.advance(by: .seconds(60))
/// ```
public final class ManualClock: Clock {
    private struct State {
        var now: Timestamp
        var heldReading: HeldReading?
    }

    private let state: AsyncMonitor<State>

    /// Makes a clock that shows a moment, by default one in the year 2001.
    public init(now: Timestamp = Timestamp(millisecondsSince1970: 1_000_000_000_000)) {
        state = AsyncMonitor(State(now: now))
    }

    public var now: Timestamp {
        let (now, reading) = state.withLock { state in
            defer { state.heldReading = nil }
            return (state.now, state.heldReading)
        }
        reading?.take()
        return now
    }

    /// Holds back what the clock shows to the next thread that reads it.
    func holdNextReading() -> HeldReading {
        let reading = HeldReading()
        state.withLock { $0.heldReading = reading }
        return reading
    }

    public var minimumResolution: Duration { .milliseconds(1) }

    /// Moves the clock, backwards if the duration is negative, and resumes each sleep whose deadline has come.
    public func advance(by duration: Duration) {
        state.withLock { $0.now = $0.now.advanced(by: duration) }
    }

    public func sleep(until deadline: Timestamp, tolerance: Duration? = nil) async throws {
        try await state.value { $0.now >= deadline ? () : nil }
    }
}
