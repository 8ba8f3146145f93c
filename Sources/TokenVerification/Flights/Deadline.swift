import Synchronization

/// The time that was allowed has passed.
struct DeadlineExceeded: Error {}

/// Runs an operation that must not be waited for longer than a limit.
///
/// The operation starts on the caller's thread, so one that need not wait costs no switch of threads and no timer.
/// Whoever was cancelled or lost patience leaves at once; the operation, cancelled, ends in its own time.
///
/// - Throws: ``DeadlineExceeded``, `CancellationError`, or what the operation throws.
func withDeadline<Success: Sendable>(
    _ limit: Duration,
    _ operation: @escaping @Sendable () async throws -> Success
) async throws -> Success {
    let outcome = Outcome<Result<Success, any Error>>()
    // Ended by its own return; cancelled below when nobody waits for it any more.
    let work = startImmediately {
        do {
            outcome.settle(.success(try await operation()))
        } catch {
            outcome.settle(.failure(error))
        }
    }
    if let result = outcome.settled { return try result.get() }
    let alarm = Alarms.shared.set(after: limit) {
        outcome.settle(.failure(DeadlineExceeded()))
        work.cancel()
    }
    defer { Alarms.shared.take(back: alarm) }
    return try await withTaskCancellationHandler {
        try await outcome.value().get()
    } onCancel: {
        outcome.settle(.failure(CancellationError()))
        work.cancel()
    }
}

/// Starts a task of its own on the caller's thread where the system can do that; it inherits nothing.
func startDetached(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else {
        return Task.detached { await operation() }
    }
    return Task.immediateDetached { await operation() }
}

/// Starts a task on the caller's thread where the system can do that.
private func startImmediately(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else {
        return Task { await operation() }
    }
    return Task.immediate { await operation() }
}
