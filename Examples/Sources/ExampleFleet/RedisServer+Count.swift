package import TokenVerificationTestSupport

extension RedisServer {
    /// How many entries a namespace holds, as the server itself says.
    package func count(in namespace: String) async throws -> Int {
        guard let count = Int(try await run("ZCARD", "{\(namespace)}:q").filter(\.isNumber)) else {
            throw TestFailure("redis-cli gave no number")
        }
        return count
    }
}
