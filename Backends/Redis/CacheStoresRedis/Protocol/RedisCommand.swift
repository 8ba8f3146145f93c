import CCacheStoresHiredis
import CacheStores
import NIOCore

/// A command as it goes over the wire, formatted by hiredis from arguments with lengths.
struct RedisCommand: Sendable {
    private let bytes: [UInt8]
    /// A key whose digest takes the place of the last argument.
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
            throw StoreError(code: .unavailable, message: "no memory for a command to Redis")
        }
        bytes = Array(UnsafeRawBufferPointer(start: target, count: length))
        redisFreeCommand(target)
    }

    init(_ arguments: String...) throws(StoreError) {
        try self.init(arguments.map { Array($0.utf8) })
    }

    /// The same command about a key; the last argument must end with a digest.
    ///
    /// What can be said once is not formatted for every lookup.
    func about(_ key: CacheKey) -> RedisCommand {
        var command = self
        command.key = key
        return command
    }

    /// What the command is called, without its arguments.
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

    /// The size of what ends every argument.
    private static let lineEnd = 2
}
