import CacheStores
import CacheStoresWaiting

/// A request to the writer, and the pending call for its result: the number of live entries that it evicted or removed.
struct WriteJob {
    let request: WriteRequest
    let result: PendingResult<Int, any Error>
    let deadline: Deadline

    /// Whether there is still something to do.
    var isDue: Bool { request.isBegun || !result.isSettled }

    /// Whether to do it now; if so, a caller that is cancelled from here on still waits for the outcome.
    ///
    /// The removal of everything may take many transactions, so there a cancelled caller does not wait.
    func begin() -> Bool {
        // The caller's own timer may not have run yet, above all if the process was stopped.
        if !request.isBegun, deadline.hasPassed { result.settle(.failure(StoreError.deadlinePassed)) }
        return switch request {
        case .set, .remove, .acquire, .release, .mark: result.begin()
        case .removeAll, .removeRest: isDue
        }
    }
}
