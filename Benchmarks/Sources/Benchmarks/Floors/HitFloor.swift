import Crypto

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The least that a hit in memory can cost: SHA-256 of the same bytes, a look into an unlocked table, and one reading
/// of the clock.
struct HitFloor: Sendable {
    private final class Payload: Sendable {}

    private let texts: [String]
    private var table: DigestTable
    /// 32 bytes.
    private let context = (7 as UInt64, 7 as UInt64, 7 as UInt64, 7 as UInt64)

    init(_ texts: [String]) {
        self.texts = texts
        table = DigestTable(capacity: texts.count)
        for text in texts { table.insert(Payload(), expiry: .max, for: digest(of: text)) }
    }

    /// Looks tokens up, one after the other.
    func look(_ range: Range<Int>, turns: Int = 1) throws {
        var found = 0
        for _ in 0..<turns {
            for position in range where isHit(texts[position]) { found += 1 }
        }
        guard found == turns * range.count else { throw BenchmarkError("the floor lost a token") }
    }

    private func isHit(_ text: String) -> Bool {
        guard let hit = table[digest(of: text)] else { return false }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000 < hit.expiry
    }

    private func digest(of text: String) -> SHA256Digest {
        var text = text
        return text.withUTF8 { text in
            withUnsafeTemporaryAllocation(byteCount: 32 + text.count, alignment: 8) { buffer in
                withUnsafeBytes(of: context) { buffer.copyMemory(from: $0) }
                UnsafeMutableRawBufferPointer(rebasing: buffer[32...])
                    .copyMemory(from: UnsafeRawBufferPointer(text))
                var hash = SHA256()
                hash.update(bufferPointer: UnsafeRawBufferPointer(buffer))
                return hash.finalize()
            }
        }
    }
}
