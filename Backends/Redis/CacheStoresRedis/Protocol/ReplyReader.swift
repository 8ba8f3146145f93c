#if Redis
import CCacheStoresHiredis
import CacheStores
import Dispatch

/// Decodes replies from a stream of bytes, by hiredis.
///
/// It belongs to one connection and is used on that connection's event loop only.
final class ReplyReader {
    private let reader: UnsafeMutablePointer<redisReader>

    init() throws(StoreError) {
        guard let reader = redisReaderCreate() else {
            throw StoreError(
                code: .unavailable,
                message: "hiredis could not allocate a reader for a connection to Redis"
            )
        }
        self.reader = reader
    }

    deinit {
        guard reader.pointee.ridx >= 0 else { return redisReaderFree(reader) }
        // An incomplete reply may have announced a thousand million elements. hiredis frees their places one by one,
        // which would block the event loop. This is the last reference to the reader.
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
        StoreError(code: .unavailable, message: "the server sent a reply that is not valid RESP")
    }
}

extension RedisReply {
    /// Copies hiredis's reply; `nil` for a type that RESP2 does not have.
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
#endif
