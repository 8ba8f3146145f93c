#if Redis
import CacheStores

/// A server's reply to one command (RESP2).
enum RedisReply: Sendable, Equatable {
    case bytes([UInt8])
    case status(String)
    case integer(Int64)
    case array([RedisReply])
    case null
    /// An error reply without its `-`. It may quote the command, so only its first word may be logged.
    case error(String)

    var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .bytes(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    /// The number, where no other reply is right.
    ///
    /// - Throws: `StoreError` for a reply of another form.
    func number(from server: RedisEndpoint) throws(StoreError) -> Int64 {
        guard let integer else { throw .unexpectedReply(from: server) }
        return integer
    }

    /// The text, or `nil` for none, where no other reply is right.
    ///
    /// - Throws: `StoreError` for a reply of another form.
    func text(from server: RedisEndpoint) throws(StoreError) -> [UInt8]? {
        switch self {
        case .bytes(let bytes): bytes
        case .null: nil
        default: throw .unexpectedReply(from: server)
        }
    }

    var array: [RedisReply]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }
}
#endif
