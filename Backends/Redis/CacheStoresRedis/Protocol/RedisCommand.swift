import CCacheStoresHiredis
import CacheStores

/// A command as it goes over the wire, formatted by hiredis from arguments with lengths.
///
/// `@unchecked Sendable`: the bytes never change, and are freed with the last reference.
final class RedisCommand: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

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
        bytes = UnsafeRawBufferPointer(start: target, count: length)
    }

    convenience init(_ arguments: String...) throws(StoreError) {
        try self.init(arguments.map { Array($0.utf8) })
    }

    deinit {
        redisFreeCommand(
            UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: CChar.self).baseAddress)
        )
    }
}
