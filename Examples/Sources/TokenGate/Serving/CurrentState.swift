import Synchronization

/// The state by which a gate answers now.
final class CurrentState: Sendable {
    private let state: Mutex<GateState>

    init(_ state: GateState) {
        self.state = Mutex(state)
    }

    var value: GateState { state.withLock { $0 } }

    func replace(by state: GateState) {
        self.state.withLock { $0 = state }
    }
}
