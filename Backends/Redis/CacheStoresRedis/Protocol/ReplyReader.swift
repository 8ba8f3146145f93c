import CCacheStoresHiredis
import CacheStores
import Dispatch

/// Takes replies out of a stream of bytes, by hiredis.
///
/// It belongs to one connection, whose event loop is its only user.
final class ReplyReader {
    private let reader: UnsafeMutablePointer<redisReader>

    init() throws(StoreError) {
        guard let reader = redisReaderCreate() else {
            throw StoreError(code: .unavailable, message: "no memory for a connection to Redis")
        }
        self.reader = reader
    }

    deinit {
        guard reader.pointee.ridx >= 0 else { return redisReaderFree(reader) }
        // A reply that was only begun may have announced a thousand million elements, whose places hiredis visits
        // one by one: not on an event loop. Nobody else knows the reader any more.
        nonisolated(unsafe) let reader = reader
        DispatchQueue.global().async { redisReaderFree(reader) }
    }

    func feed(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        guard let base = bytes.assumingMemoryBound(to: CChar.self).baseAddress else { return }
        guard redisReaderFeed(reader, base, bytes.count) == REDIS_OK else { throw Self.garbage }
    }

    /// The next whole reply, or `nil` if more bytes are needed.
    func next() throws(StoreError) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw Self.garbage }
        guard let object else { return nil }
        defer { freeReplyObject(object) }
        guard let reply = RedisReply(object.assumingMemoryBound(to: redisReply.self)) else {
            throw Self.garbage
        }
        return reply
    }

    private static var garbage: StoreError {
        StoreError(code: .unavailable, message: "the server does not speak Redis's protocol")
    }
}

extension RedisReply {
    /// Copies hiredis's reply; `nil` for a kind that RESP2 has not.
    fileprivate init?(_ reply: UnsafeMutablePointer<redisReply>) {
        let bytes = UnsafeRawBufferPointer(start: reply.pointee.str, count: Int(reply.pointee.len))
        switch reply.pointee.type {
        case REDIS_REPLY_STRING: self = .bytes(Array(bytes))
        case REDIS_REPLY_STATUS: self = .status(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_ERROR: self = .error(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_INTEGER: self = .integer(reply.pointee.integer)
        case REDIS_REPLY_NIL: self = .null
        case REDIS_REPLY_ARRAY:
            var elements: [RedisReply] = []
            for index in 0..<Int(reply.pointee.elements) {
                guard let element = reply.pointee.element[index].flatMap({ RedisReply($0) }) else {
                    return nil
                }
                elements.append(element)
            }
            self = .array(elements)
        default: return nil
        }
    }
}
