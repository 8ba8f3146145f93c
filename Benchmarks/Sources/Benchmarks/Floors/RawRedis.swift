import CBenchmarks
import Foundation

/// A blocking connection to Redis, as hiredis offers it.
///
/// `@unchecked Sendable` because a row's contenders take turns, so one task at a time uses it.
final class RawRedis: @unchecked Sendable {
    private let context: UnsafeMutablePointer<redisContext>

    init(port: Int) throws {
        guard let context = redisConnectWithTimeout("127.0.0.1", Int32(port), timeval(tv_sec: 2, tv_usec: 0))
        else { throw BenchmarkError("hiredis has no memory") }
        guard context.pointee.err == 0 else {
            redisFree(context)
            throw BenchmarkError("hiredis can't connect")
        }
        self.context = context
    }

    deinit {
        redisFree(context)
    }

    /// Sends a command, waits for its reply and gives that as text, or `nil` if there is none.
    @discardableResult
    func command(_ arguments: String...) throws -> String? {
        try send(arguments.map { Array($0.utf8) }) { reply in
            reply.str.map {
                String(decoding: UnsafeRawBufferPointer(start: $0, count: reply.len), as: UTF8.self)
            }
                ?? (reply.type == REDIS_REPLY_INTEGER ? String(reply.integer) : nil)
        }
    }

    /// The size of what `GET` fetches; -1 if there is nothing.
    func size(of key: [UInt8]) throws -> Int {
        try send([Array("GET".utf8), key]) { $0.type == REDIS_REPLY_STRING ? Int($0.len) : -1 }
    }

    func set(_ key: [UInt8], _ value: [UInt8], milliseconds: Int) throws {
        let arguments = [Array("SET".utf8), key, value, Array("PX".utf8), Array("\(milliseconds)".utf8)]
        try send(arguments) { _ in }
    }

    /// A number from what `INFO` says, such as `used_memory`.
    func information(_ section: String, _ name: String) throws -> String {
        let text = try command("INFO", section) ?? ""
        guard let line = text.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("\(name):") })
        else {
            throw BenchmarkError("INFO \(section) says nothing of \(name)")
        }
        return String(line.dropFirst(name.count + 1))
    }

    /// The keys of the database's entries whose values are of a kind, such as `string`.
    func keys(of kind: String) throws -> [[UInt8]] {
        var keys: [[UInt8]] = []
        var cursor = "0"
        repeat {
            let arguments = ["SCAN", cursor, "COUNT", "1000", "TYPE", kind].map { Array($0.utf8) }
            cursor = try send(arguments) { reply in
                guard reply.elements == 2, let next = reply.element[0], let found = reply.element[1] else {
                    return "0"
                }
                for place in 0..<Int(found.pointee.elements) {
                    guard let key = found.pointee.element[place] else { continue }
                    keys.append(
                        Array(UnsafeRawBufferPointer(start: key.pointee.str, count: Int(key.pointee.len)))
                    )
                }
                return String(cString: next.pointee.str)
            }
        } while cursor != "0"
        return keys
    }

    private func send<Result>(_ arguments: [[UInt8]], _ read: (redisReply) -> Result) throws -> Result {
        let lengths = arguments.map(\.count)
        let bytes = arguments.flatMap(\.self)
        let answer = bytes.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            var pointers = lengths.map { length in
                defer { start = start?.advanced(by: length) }
                return start.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
            }
            return redisCommandArgv(context, Int32(lengths.count), &pointers, lengths)
        }
        guard let answer else { throw BenchmarkError("the connection to Redis is lost") }
        defer { freeReplyObject(answer) }
        let reply = answer.assumingMemoryBound(to: redisReply.self).pointee
        guard reply.type != REDIS_REPLY_ERROR else {
            throw BenchmarkError("Redis said \(reply.str.map { String(cString: $0) } ?? "an error")")
        }
        return read(reply)
    }
}
