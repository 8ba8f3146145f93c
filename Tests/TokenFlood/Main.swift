import CacheStores
import TokenVerification

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Floods a verifier with unknown tokens, and prints the effects: a name and a number a line.
///
/// A process of its own, since its memory is measured, and since Swift Testing looks at the stack at every thrown error.
@main enum Main {
    static func main() async throws {
        // Other tests run at the same time, and some of them watch deadlines.
        _ = nice(19)
        let size = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
        let authority = try PickyAuthority()
        var options = TokenCacheOptions()
        options.refusals.timeToLive = .seconds(86_400)
        options.stale.grace = .seconds(600)
        let cache = try TokenCache(
            timeToLive: .seconds(86_400),
            capacity: PickyAuthority.goodCount,
            options: options
        )
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        tell("accepted at first", try await goodAnswers(of: verifier, from: .authority))
        // Whatever is bounded is full by now.
        let warmUp = 2 * options.refusals.capacity
        var passed = try await flood(verifier, with: 0..<warmUp)
        let memory = peakMemory()
        passed += try await flood(verifier, with: warmUp..<size)
        tell("grown by kilobytes", peakMemory() - memory)
        tell("passed", passed)
        tell("questions", authority.questions)
        tell("kept", try await goodAnswers(of: verifier, from: .store))
        for _ in 0..<3 { _ = try await flood(verifier, with: size..<size + options.refusals.capacity / 2) }
        tell("questions after repetition", authority.questions)
        let prefixed = try AuthorityTokenVerifier(
            authority: authority,
            requiring: TokenRequirements(prefixes: ["good", "gho_"]),
            cache: cache
        )
        tell("passed by prefix", try await flood(prefixed, with: size..<2 * size))
        tell("questions after prefixes", authority.questions)
        tell("kept at last", try await goodAnswers(of: prefixed, from: .store))
        tell("grown by kilobytes at last", peakMemory() - memory)
    }

    /// How many of the good tokens are answered from a source.
    private static func goodAnswers(
        of verifier: some TokenVerifier,
        from source: Verification.Source
    ) async throws -> Int {
        var count = 0
        for number in 0..<PickyAuthority.goodCount {
            let answer = try await verifier.verification(of: PickyAuthority.goodToken(number))
            count += answer.source == source ? 1 : 0
        }
        return count
    }

    /// How many of some bad tokens were not refused.
    private static func flood(_ verifier: some TokenVerifier, with numbers: Range<Int>) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for part in 0..<4 {
                group.addTask {
                    var passed = 0
                    for number in numbers where number % 4 == part {
                        let token = try BearerToken("bad\(number)")
                        do throws(VerificationError) {
                            _ = try await verifier.verify(token)
                            passed += 1
                        } catch {
                            passed += error.code == .invalidToken ? 0 : 1
                        }
                    }
                    return passed
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// The most memory that this process ever had, in kilobytes.
    private static func peakMemory() -> Int {
        var usage = rusage()
        // `RUSAGE_SELF`, which every system's headers give another type.
        getrusage(0, &usage)
        #if canImport(Darwin)
        return usage.ru_maxrss / 1_024
        #else
        return usage.ru_maxrss
        #endif
    }

    private static func tell(_ name: String, _ number: Int) {
        print("\(name): \(number)")
    }
}
