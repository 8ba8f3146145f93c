import Synchronization

/// The capacity that was last read from the store's file; a file that is made anew gets it.
final class KnownCapacity: Sendable {
    private let state: Mutex<Int?>

    init(_ recorded: Int?) {
        state = Mutex(recorded)
    }

    var recorded: Int? { state.withLock { $0 } }

    func note(_ recorded: Int?) {
        state.withLock { $0 = recorded }
    }
}
