import CacheStores
import Synchronization

/// Makes tasks wait while it is closed; it can open and close many times.
final class ReadyGate: Sendable {
    private struct State {
        var isOpen = false
        var end: StoreError?
        var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
        var nextWaiter = 0

        mutating func takeWaiters() -> [CheckedContinuation<Void, any Error>] {
            defer { waiters = [:] }
            return Array(waiters.values)
        }
    }

    private let state = Mutex(State())

    func set(isOpen: Bool) {
        let waiters = state.withLock { state in
            state.isOpen = isOpen
            return isOpen ? state.takeWaiters() : []
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Fails all waiting and later calls of ``pass()``.
    func end(_ error: StoreError) {
        let waiters = state.withLock { state in
            state.end = error
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume(throwing: error) }
    }

    /// Waits until the gate is open.
    ///
    /// - Throws: the error given to ``end(_:)``, or `CancellationError`.
    func pass() async throws {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { enter($0, as: number) }
            try Task.checkCancellation()
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func enter(_ waiter: CheckedContinuation<Void, any Error>, as number: Int) {
        let outcome: Result<Void, any Error>? = state.withLock { state in
            if let end = state.end { return .failure(end) }
            if Task.isCancelled { return .failure(CancellationError()) }
            if state.isOpen { return .success(()) }
            state.waiters[number] = waiter
            return nil
        }
        if let outcome { waiter.resume(with: outcome) }
    }
}
