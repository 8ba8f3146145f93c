public import ServiceLifecycle

extension TokenCache: Service {
    /// Waits for the service group's graceful shutdown, then shuts the cache down.
    public func run() async throws {
        // Cancellation, too, means that the group ends.
        try? await gracefulShutdown()
        await shutdown()
    }
}
