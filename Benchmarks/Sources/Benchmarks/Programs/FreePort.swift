/// Starts servers on ports that are theirs.
enum FreePort {
    /// Starts a server on a random port, or on another one if that is taken.
    static func start<Server>(_ start: (Int) async throws -> Server) async throws -> Server {
        for _ in 0..<10 {
            // Below the ports that the system gives to clients; another server may have it all the same.
            if let server = try? await start(.random(in: 10_000..<32_000)) { return server }
        }
        return try await start(.random(in: 10_000..<32_000))
    }
}
