import CacheStores

/// Waits until something holds, asking again and again.
///
/// - Parameters:
///   - limit: how long to wait at most.
///   - condition: what is to hold.
/// - Returns: whether it came to hold in time.
/// - Throws: what the condition throws.
func eventually(
    within limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}
