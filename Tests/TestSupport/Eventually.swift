/// Waits until a condition is true that something else brings about.
///
/// The condition is checked every few milliseconds. One that throws counts as not true yet.
///
/// - Parameters:
///   - expectation: what is waited for, for the failure's text.
///   - limit: how long to wait at most.
///   - file: where the caller stands.
///   - line: where the caller stands.
///   - condition: the condition.
/// - Throws: ``TestFailure`` with the caller's file and line at the limit, or `CancellationError`.
public func eventually(
    _ expectation: @autoclosure () -> String = "the condition",
    within limit: Duration = .seconds(60),
    file: String = #fileID,
    line: Int = #line,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    var reason = "it is false"
    while true {
        do {
            if try await condition() { return }
        } catch {
            reason = "it throws \(error)"
        }
        guard ContinuousClock.now < end else {
            throw TestFailure("not within \(limit): \(expectation()) (\(reason)), at \(file):\(line)")
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
