#if Redis
import CCacheStoresHiredis
import CacheStores
import NIOCore

/// A command in wire format; hiredis encodes it from arguments with lengths.
struct RedisCommand: Sendable {
    private let bytes: [UInt8]
    /// A key; its digest replaces the end of the last argument.
    private var key: CacheKey?

    init(_ arguments: [[UInt8]]) throws(StoreError) {
        var target: UnsafeMutablePointer<CChar>?
        let lengths = arguments.map(\.count)
        let joined = arguments.flatMap { $0 }
        let length = joined.withUnsafeBytes { joined in
            let base = joined.assumingMemoryBound(to: CChar.self).baseAddress
            var offset = 0
            var starts: [UnsafePointer<CChar>?] = lengths.map { length in
                defer { offset += length }
                return base.map { $0 + offset }
            }
            return Int(redisFormatCommandArgv(&target, CInt(arguments.count), &starts, lengths))
        }
        guard length > 0, let target else {
            throw StoreError(code: .unavailable, message: "hiredis could not allocate a command to Redis")
        }
        bytes = Array(UnsafeRawBufferPointer(start: target, count: length))
        redisFreeCommand(target)
    }

    init(_ arguments: String...) throws(StoreError) {
        try self.init(arguments.map { Array($0.utf8) })
    }

    /// The same command for another key; the last argument must end with a digest.
    ///
    /// It spares every lookup the encoding of the whole command.
    func about(_ key: CacheKey) -> RedisCommand {
        var command = self
        command.key = key
        return command
    }

    /// The name of the command, without its arguments.
    var name: String {
        // *3 $3 GET …
        let lines = bytes.split(separator: UInt8(ascii: "\r"), maxSplits: 3)
        return lines.count > 2 ? String(decoding: lines[2].dropFirst(), as: UTF8.self) : ""
    }

    func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes(bytes)
        guard let key else { return }
        let end = buffer.writerIndex - Self.lineEnd
        key.withUnsafeBytes { _ = buffer.setBytes($0, at: end - CacheKey.byteCount) }
    }

    /// The size of the line end after every argument.
    private static let lineEnd = 2
}
#endif
