#if Redis
import CacheStores

/// Numbers and moments as arguments of commands.
enum RedisText {
    static func of(_ number: some BinaryInteger) -> [UInt8] { Array(String(number).utf8) }

    static func of(_ moment: Timestamp) -> [UInt8] { of(moment.millisecondsSince1970) }

    /// A duration in milliseconds, rounded up and never negative.
    static func of(_ duration: Duration) -> [UInt8] {
        of(Timestamp(millisecondsSince1970: 0).end(of: duration))
    }
}
#endif
