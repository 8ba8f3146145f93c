import CacheStoresWaiting

/// Runs an operation within a limit, with the errors of a request: `timedOut` at the limit, `cancelled`, the operation's
/// own, or `failed` for any other.
package func punctually<Success: Sendable>(
    within limit: Duration,
    _ operation: @escaping @Sendable () async throws -> Success
) async throws(VerificationError) -> Success {
    do {
        return try await withDeadline(limit, operation)
    } catch let error as VerificationError {
        throw error
    } catch is CancellationError {
        throw VerificationError(.cancelled)
    } catch is DeadlineExceeded {
        throw VerificationError(.timedOut)
    } catch {
        throw VerificationError(.failed)
    }
}
