import Synchronization

/// The capacity that the store's file was last seen to record, for the case that the file has to be made anew.
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
