#if Redis
import CacheStores

extension RedisShard {
    func acquireLease(
        for key: CacheKey,
        as holder: LeaseHolder,
        lasting duration: Duration
    ) async throws -> Bool {
        let arguments = [now, holder.bytes, RedisText.of(duration)]
        return try await number(RedisScripts.acquireLease, [namespace.lease(key)], arguments) == 1
    }

    func releaseLease(for key: CacheKey, as holder: LeaseHolder) async throws {
        _ = try await number(RedisScripts.releaseLease, [namespace.lease(key)], [now, holder.bytes])
    }

    func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws {
        let arguments = [
            now, RedisText.of(moment), RedisText.of(end), namespace.markPrefix, key.bytes,
            RedisText.of(acceptsEvictedMarks ? 1 : 0),
        ]
        let keys = [namespace.mark(key), namespace.marksByEnd, namespace.nowhere]
        guard try await number(RedisScripts.setMark, keys, arguments) == 1 else {
            throw StoreError(
                code: .incompatible,
                message:
                    "the mark was not set: maxmemory-policy is allkeys-*, which may evict marks, or INFO does not show it; set noeviction or volatile-*, allow INFO, or set `acceptsEvictedMarks` to true"
            )
        }
    }

    func mark(for key: CacheKey) async throws -> Timestamp? {
        let command = try RedisCommand([Array("GET".utf8), namespace.mark(key)])
        let (reply, connection) = try await servers.answer(to: command, in: namespace.slot)
        // Anything but a mark or none is an error: it would revoke nothing.
        guard let text = try reply.text(from: connection.endpoint) else { return nil }
        let numbers = String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 2 else { throw StoreError.unexpectedReply(from: connection.endpoint) }
        let end = Timestamp(millisecondsSince1970: numbers[1])
        return now(of: connection) < end ? Timestamp(millisecondsSince1970: numbers[0]) : nil
    }
}
#endif
