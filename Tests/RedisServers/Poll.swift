/// Waits until something holds, asking again and again.
///
/// - Parameters:
///   - complaint: what is said if it does not.
///   - condition: what has to hold; what it throws meanwhile is ignored.
/// - Throws: ``RedisServer/Failure`` after half a minute.
func poll(_ complaint: String, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while (try? await condition()) != true {
        guard ContinuousClock.now < end else { throw RedisServer.Failure(description: complaint) }
        try await Task.sleep(for: .milliseconds(20))
    }
}
