#if Redis
import CacheStores
import CacheStoresWaiting

/// Makes tasks wait while it is closed; it can open and close many times.
final class ReadyGate: Sendable {
    private struct State {
        var isOpen = false
        var end: StoreError?
    }

    private let state = AsyncMonitor(State())

    func set(isOpen: Bool) {
        state.withLock { $0.isOpen = isOpen }
    }

    /// Fails all waiting and later calls of ``waitUntilOpen()``.
    func end(_ error: StoreError) {
        state.withLock { $0.end = error }
    }

    /// Waits until the gate is open.
    ///
    /// - Throws: the error given to ``end(_:)``, or `CancellationError`.
    func waitUntilOpen() async throws {
        try await state.value { state in
            if let end = state.end { throw end }
            return state.isOpen ? () : nil
        }
    }
}
#endif
