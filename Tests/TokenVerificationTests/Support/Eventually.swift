/// Waits until a condition holds that another task brings about; the suite's time limit ends a vain wait.
func eventually(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(1)) }
}
