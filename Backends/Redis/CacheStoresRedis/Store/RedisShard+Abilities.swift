#if Redis
import CacheStores

extension RedisShard {
    func acquireLease(
        for key: CacheKey,
        as holder: LeaseHolder,
        lasting duration: Duration
    ) async throws -> Bool {
        let arguments = [now, holder.bytes, RedisText.of(duration)]
        return try await run(RedisScripts.acquireLease, [namespace.lease(key)], arguments).integer == 1
    }

    func releaseLease(for key: CacheKey, as holder: LeaseHolder) async throws {
        _ = try await run(RedisScripts.releaseLease, [namespace.lease(key)], [now, holder.bytes])
    }

    func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws {
        let arguments = [
            now, RedisText.of(moment), RedisText.of(end), namespace.markPrefix, key.bytes,
            RedisText.of(acceptsEvictedMarks ? 1 : 0),
        ]
        let keys = [namespace.mark(key), namespace.marksByEnd, namespace.nowhere]
        guard try await run(RedisScripts.setMark, keys, arguments).integer == 1 else {
            throw StoreError(
                code: .incompatible,
                message:
                    "the server's maxmemory-policy evicts marks (allkeys-*) or is not told (INFO): set noeviction or volatile-*, or accept the risk with `acceptsEvictedMarks`"
            )
        }
    }

    func mark(for key: CacheKey) async throws -> Timestamp? {
        let command = try RedisCommand([Array("GET".utf8), namespace.mark(key)])
        let (reply, connection) = try await servers.answer(to: command, in: namespace.slot)
        guard let bytes = reply.bytes else { return nil }
        let numbers = String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 2 else { throw StoreError.noAnswer(from: connection.endpoint) }
        let end = Timestamp(millisecondsSince1970: numbers[1])
        return now(of: connection) < end ? Timestamp(millisecondsSince1970: numbers[0]) : nil
    }
}
#endif
