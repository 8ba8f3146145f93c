#if Redis
import CacheStores
import Crypto

/// A Lua script that a server runs as one step.
///
/// It is called by its SHA-1. A server that does not have it gets the source.
struct RedisScript: Sendable {
    private let source: [UInt8]
    private let name: [UInt8]

    init(_ source: String) {
        self.source = Array(source.utf8)
        name = Array(Insecure.SHA1.hash(data: self.source).map { Self.hexadecimal($0) }.joined().utf8)
    }

    /// Runs the script.
    ///
    /// - Parameters:
    ///   - keys: `KEYS`.
    ///   - arguments: `ARGV`.
    ///   - send: sends a command and returns the reply, and the connection that it came from.
    /// - Returns: the script's result, or an error reply.
    /// - Throws: rethrows the error of `send`.
    func run(
        _ keys: [[UInt8]],
        _ arguments: [[UInt8]],
        send: (RedisCommand) async throws -> (reply: RedisReply, connection: RedisConnection)
    ) async throws -> (reply: RedisReply, connection: RedisConnection) {
        let rest = [RedisText.of(keys.count)] + keys + arguments
        let answer = try await send(RedisCommand([Array("EVALSHA".utf8), name] + rest))
        guard case .error(let complaint) = answer.reply, complaint.hasPrefix("NOSCRIPT") else {
            return answer
        }
        return try await send(RedisCommand([Array("EVAL".utf8), source] + rest))
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
#endif
