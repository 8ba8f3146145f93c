/// An operation took longer than its limit.
package struct DeadlineExceeded: Error {}

/// Runs an operation, and waits for it no longer than a limit.
///
/// The operation starts on the caller's thread, so one that need not wait costs no switch of threads and no timer.
/// At the limit, or when the caller is cancelled, this returns at once; the operation is cancelled and ends later.
///
/// - Throws: ``DeadlineExceeded``, `CancellationError`, or what the operation throws.
package func withDeadline<Success: Sendable>(
    _ limit: Duration,
    _ operation: @escaping @Sendable () async throws -> Success
) async throws -> Success {
    let pending = PendingResult<Success, any Error>()
    // Ended by its own return; cancelled below at the limit or with the caller.
    let work = startImmediately {
        do {
            pending.settle(.success(try await operation()))
        } catch {
            pending.settle(.failure(error))
        }
    }
    defer { work.cancel() }
    return try await pending.value(by: Deadline(after: limit), orThrow: DeadlineExceeded())
}

/// Starts a task of its own on the caller's thread where the system can do that; it inherits nothing.
package func startDetached(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
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
