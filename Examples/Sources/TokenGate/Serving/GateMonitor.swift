import Foundation
import TokenVerification

/// What there is to know of a running gate.
struct GateMonitor: Sendable {
    /// How full a store is.
    struct Store: Sendable {
        /// `memory`, `sqlite` or `redis`.
        let kind: String
        let count: @Sendable () async throws -> Int
        let capacity: @Sendable () async throws -> Int
    }

    /// One look at everything.
    struct Report {
        let statistics: TokenCacheStatistics
        let condition: TokenCacheCondition
        let answers: [(answer: AnswerCounts.Answer, count: Int)]
        let storeKind: String
        /// `nil` if the store does not say.
        let entries: Int?
        let capacity: Int?
        let start: Date
    }

    let cache: TokenCache
    let store: Store
    let counts = AnswerCounts()
    private let start = Date()

    func report() async -> Report {
        Report(
            statistics: cache.statistics,
            condition: cache.condition,
            answers: counts.all,
            storeKind: store.kind,
            entries: try? await store.count(),
            capacity: try? await store.capacity(),
            start: start
        )
    }
}

extension TokenCacheCondition {
    /// What does not work as it should, by the names that `/readyz` gives.
    var degraded: [String] {
        authorities.filter(\.isOpen).map { "authority:\($0.kind)" }.sorted()
            + (storeReadsAreOpen ? ["store:reads"] : []) + (storeWritesAreOpen ? ["store:writes"] : [])
    }
}
