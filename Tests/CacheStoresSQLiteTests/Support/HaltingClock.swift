import CacheStores
import Dispatch
import Synchronization

/// The time of day, but a test may halt the thread that reads it next.
final class HaltingClock: Clock {
    private enum State {
        case running
        case awaited
        case halted
    }

    private let state = Mutex(State.running)
    private let gate = DispatchSemaphore(value: 0)

    /// Halts the thread that reads the clock next, until ``goOn()``.
    func haltNextReading() {
        state.withLock { $0 = .awaited }
    }

    /// Whether a thread stands still.
    var isHalted: Bool { state.withLock { $0 == .halted } }

    /// Lets the halted thread go on, and may halt the one that reads the clock after it.
    func goOn(haltingNext: Bool = false) {
        state.withLock { $0 = haltingNext ? .awaited : .running }
        gate.signal()
    }

    var now: Timestamp {
        let halts = state.withLock { state in
            guard state == .awaited else { return false }
            state = .halted
            return true
        }
        if halts { gate.wait() }
        return WallClock.system.now
    }

    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
        try await WallClock.system.sleep(until: deadline, tolerance: tolerance)
    }
}
