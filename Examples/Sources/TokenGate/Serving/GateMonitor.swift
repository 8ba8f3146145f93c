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
        /// What the authorities are called, by their identities.
        let names: [AuthorityIdentity: String]
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

    /// One look at everything.
    ///
    /// - Parameter names: what the authorities are called; one without a name is called by its kind.
    /// - Returns: what there is to see.
    func report(_ names: [AuthorityIdentity: String]) async -> Report {
        Report(
            statistics: cache.statistics,
            condition: cache.condition,
            names: names,
            answers: counts.all,
            storeKind: store.kind,
            entries: try? await store.count(),
            capacity: try? await store.capacity(),
            start: start
        )
    }
}

extension TokenCacheCondition {
    /// What does not work as it should, as `/readyz` says.
    func degraded(_ names: [AuthorityIdentity: String]) -> [String] {
        authorities.filter(\.isOpen).map { "authority:\($0.name(names))" }.sorted()
            + (storeReadsAreOpen ? ["store:reads"] : []) + (storeWritesAreOpen ? ["store:writes"] : [])
    }
}

extension TokenCacheCondition.Authority {
    func name(_ names: [AuthorityIdentity: String]) -> String { names[identity] ?? kind }
}
