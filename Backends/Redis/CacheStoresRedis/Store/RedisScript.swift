import CacheStores
import Crypto

/// A Lua program that a server runs as one step.
///
/// The server knows it by its SHA-1 once it has seen it; one that has forgotten it is told again.
struct RedisScript: Sendable {
    private let source: [UInt8]
    private let name: [UInt8]

    init(_ source: String) {
        self.source = Array(source.utf8)
        name = Array(Insecure.SHA1.hash(data: self.source).map { Self.hexadecimal($0) }.joined().utf8)
    }

    /// Runs the program.
    ///
    /// - Parameters:
    ///   - keys: `KEYS`.
    ///   - arguments: `ARGV`.
    ///   - connection: where to.
    ///   - server: the server's name, for messages.
    /// - Returns: what the program returned.
    /// - Throws: `StoreError`, or `CancellationError`.
    func run(
        _ keys: [[UInt8]],
        _ arguments: [[UInt8]],
        on connection: RedisConnection,
        of server: String
    ) async throws -> RedisReply {
        let rest = [Array(String(keys.count).utf8)] + keys + arguments
        var reply = try await connection.reply(to: RedisCommand([Array("EVALSHA".utf8), name] + rest))
        if case .error(let complaint) = reply, complaint.hasPrefix("NOSCRIPT") {
            reply = try await connection.reply(to: RedisCommand([Array("EVAL".utf8), source] + rest))
        }
        if case .error(let complaint) = reply { throw StoreError(redis: complaint, from: server) }
        return reply
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
