#if Redis
import CacheStores

/// An entry as it lies in Redis: version, digest and expiry, then the value.
///
/// A reader checks all three. So a reply to another command, and a foreign value under a key of the store, are misses.
enum RedisRecord {
    private static let version: UInt8 = 1
    static let overhead = 1 + CacheKey.byteCount + 8

    static func encode(_ entry: CacheEntry<[UInt8]>, for key: CacheKey) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(overhead + entry.value.count)
        bytes.append(version)
        key.withUnsafeBytes { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: entry.expiry.millisecondsSince1970.littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: entry.value)
        return bytes
    }

    /// The entry in a record; `nil` for anything else.
    ///
    /// The value keeps its memory: it moves to the front of the array.
    static func decode(_ bytes: consuming [UInt8], for key: CacheKey) -> CacheEntry<[UInt8]>? {
        guard bytes.count >= overhead, bytes[0] == version else { return nil }
        let isOurs = key.withUnsafeBytes { key in
            bytes.withUnsafeBytes { $0[1...CacheKey.byteCount].elementsEqual(key) }
        }
        guard isOurs else { return nil }
        let expiry = bytes.withUnsafeBytes {
            Int64(littleEndian: $0.loadUnaligned(fromByteOffset: 1 + CacheKey.byteCount, as: Int64.self))
        }
        bytes.removeFirst(overhead)
        return CacheEntry(bytes, expiry: Timestamp(millisecondsSince1970: expiry))
    }
}
#endif
