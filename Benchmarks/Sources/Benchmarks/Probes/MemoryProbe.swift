import CacheStores
import Foundation
import TokenVerification

/// Resident memory, in a process that has done nothing else.
enum MemoryProbe {
    /// The bytes of one entry whose value is shared by all.
    static func entry(of entries: Int) async throws -> Double {
        let store = try MemoryStore<VerifiedToken>(capacity: entries)
        let entry = CacheEntry(
            VerifiedToken(VerifiedToken.Content(verifiedAt: .distantPast)),
            expiry: .distantFuture
        )
        try await store.setEntry(entry, for: Sample.key(-1))
        let before = try residentBytes()
        for number in 0..<entries { try await store.setEntry(entry, for: Sample.key(number)) }
        return try Double(residentBytes() - before) / Double(entries)
    }

    /// The bytes of one cached answer with twelve claims, as an introspection endpoint gave it.
    static func token(of entries: Int) async throws -> Double {
        let cache = try TokenCache(timeToLive: .seconds(3600), capacity: entries)
        let verifier = try SampleVerifier.verifier(asking: SampleTransport(), in: cache)
        _ = try await verifier.verify(BearerToken(Sample.text(-1)))
        let before = try residentBytes()
        for number in 0..<entries { _ = try await verifier.verify(BearerToken(Sample.text(number))) }
        guard cache.statistics.questions == entries + 1 else {
            throw BenchmarkError("an answer was not asked for")
        }
        return try Double(residentBytes() - before) / Double(entries)
    }

    /// What the kernel says, since the heap's own figures leave out what it keeps for itself.
    private static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        guard let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw BenchmarkError("/proc/self/statm can't be read")
        }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
