/// Waits until a condition is true.
///
/// - Parameters:
///   - complaint: the text of the failure.
///   - condition: the condition; its errors are ignored.
/// - Throws: ``RedisServer/Failure`` after half a minute.
func poll(_ complaint: String, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while (try? await condition()) != true {
        guard ContinuousClock.now < end else { throw RedisServer.Failure(description: complaint) }
        try await Task.sleep(for: .milliseconds(20))
    }
}
