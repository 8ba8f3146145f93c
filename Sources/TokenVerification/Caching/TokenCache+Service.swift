public import ServiceLifecycle

extension TokenCache: Service {
    /// Waits for the graceful shutdown of the service group, or for the cancellation of the task, then shuts the cache
    /// down and returns.
    ///
    /// - Throws: nothing; `throws` is the protocol's.
    public func run() async throws {
        // Cancellation, too, means that the group ends.
        try? await gracefulShutdown()
        await shutdown()
    }
}
