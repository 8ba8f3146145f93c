import Measuring
import TokenVerification
import TokenVerificationJWT

/// Signed tokens, beside the verification of their signatures alone.
enum SignedRows {
    static let all =
        [hit(.es256, target: .atMost(0.02)), hit(.rs256), hit(.edDSA)]
        + [SigningAlgorithm.es256, .rs256, .edDSA].flatMap { [anew($0), firstUse($0)] }

    private static let floor = "the signature alone"
    private static let turns = 50

    /// A kept answer: no signature is verified, but the key is looked up.
    private static func hit(_ algorithm: SigningAlgorithm, target: Target? = nil) -> Row {
        Row("verify, signed \(algorithm), hit in memory", .nanoseconds, against: floor, .ratio, target) {
            let sample = try SignedSample(algorithm, count: 500)
            let cache = try TokenCache(timeToLive: .seconds(3600))
            let verifier = try sample.verifier(in: cache)
            for token in sample.tokens { _ = try await verifier.verify(token) }
            return Contest(
                .time(of: turns * sample.tokens.count) {
                    let asked = cache.statistics.questions
                    for _ in 0..<turns {
                        for token in sample.tokens { _ = try await verifier.verify(token) }
                    }
                    guard cache.statistics.questions == asked else {
                        throw BenchmarkError("the cache lost an answer")
                    }
                },
                .time(of: sample.tokens.count) { try sample.verifySignatures() }
            )
        }
    }

    /// Where nothing is kept, so that each use is verified.
    private static func anew(_ algorithm: SigningAlgorithm) -> Row {
        row("verify, signed \(algorithm), without a cache", algorithm, timeToLive: nil)
    }

    /// The first use of each token, which is kept.
    private static func firstUse(_ algorithm: SigningAlgorithm) -> Row {
        row("verify, signed \(algorithm), first use, keys at hand", algorithm, timeToLive: .seconds(3600))
    }

    private static func row(_ name: String, _ algorithm: SigningAlgorithm, timeToLive: Duration?) -> Row {
        Row(name, .nanoseconds, against: floor) {
            let sample = try SignedSample(algorithm, count: 500)
            return Contest(
                .time(
                    of: sample.tokens.count,
                    given: { try sample.verifier(in: TokenCache(timeToLive: timeToLive)) },
                    { verifier in for token in sample.tokens { _ = try await verifier.verify(token) } }
                ),
                .time(of: sample.tokens.count) { try sample.verifySignatures() }
            )
        }
    }
}
