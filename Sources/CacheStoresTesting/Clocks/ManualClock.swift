public import CacheStores
import Synchronization

/// A wall clock that stands still until a test moves it, forwards or backwards.
///
/// ```swift
/// let clock = ManualClock()
/// let store = try MemoryStore<String>(capacity: 2, clock: WallClock(clock))
/// clock.advance(by: .seconds(60))
/// ```
public final class ManualClock: Clock {
    private struct Sleeper {
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var nextID = 0
        var heldReading: HeldReading?
    }

    private let state: Mutex<State>

    /// Makes a clock that shows a moment, by default one in the year 2001.
    public init(now: Timestamp = Timestamp(millisecondsSince1970: 1_000_000_000_000)) {
        state = Mutex(State(now: now))
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
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    public func sleep(until deadline: Timestamp, tolerance: Duration? = nil) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                enter(Sleeper(deadline: deadline, continuation: $0), id)
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func enter(_ sleeper: Sleeper, _ id: Int) {
        let outcome: Result<Void, any Error>? = state.withLock { state in
            if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
            if sleeper.deadline <= state.now { return .success(()) }
            state.sleepers[id] = sleeper
            return nil
        }
        if let outcome { sleeper.continuation.resume(with: outcome) }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state in
            guard let sleeper = state.sleepers.removeValue(forKey: id) else {
                state.cancelled.insert(id)
                return Sleeper?.none
            }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
