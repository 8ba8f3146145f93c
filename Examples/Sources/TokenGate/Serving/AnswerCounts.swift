import Synchronization
import TokenVerification

/// How often `/verify` answered what.
final class AnswerCounts: Sendable {
    enum Outcome: String, CaseIterable {
        case accepted, missing, malformed, refused, unavailable
        case insufficientScope = "insufficient_scope"

        init(_ challenge: BearerChallenge) {
            switch challenge.code {
            case .invalidRequest: self = .malformed
            case .invalidToken: self = .refused
            case .insufficientScope: self = .insufficientScope
            case nil: self = challenge.retryAfter == nil ? .missing : .unavailable
            }
        }
    }

    struct Answer: Hashable {
        let outcome: Outcome
        /// `nil` for what was not accepted.
        let source: Verification.Source?
    }

    private let counts = Mutex([Answer: Int]())

    func note(_ outcome: Outcome, from source: Verification.Source?) {
        counts.withLock { $0[Answer(outcome: outcome, source: source), default: 0] += 1 }
    }

    /// All counts; those of accepted tokens by every source, those of others without one.
    var all: [(answer: Answer, count: Int)] {
        let counts = counts.withLock { $0 }
        let accepted = Verification.Source.allCases.map { Answer(outcome: .accepted, source: $0) }
        let others = Outcome.allCases.filter { $0 != .accepted }.map { Answer(outcome: $0, source: nil) }
        return (accepted + others).map { ($0, counts[$0] ?? 0) }
    }

    /// A source in the words of metrics and logs.
    static func word(_ source: Verification.Source) -> String {
        switch source {
        case .sharedFlight: "shared"
        default: source.rawValue
        }
    }
}
