import Foundation
import TokenVerification

extension GateMonitor.Report {
    private static var counters: [(name: String, help: String, count: KeyPath<TokenCacheStatistics, Int>)] {
        [
            ("memory_hits", "Answers from this process's memory.", \.memoryHits),
            ("store_hits", "Answers from the store.", \.storeHits),
            ("shared_answers", "Requests that were answered by another request's question.", \.sharedAnswers),
            ("fleet_answers", "Answers that another process of the fleet brought.", \.fleetAnswers),
            ("stale_answers", "Old answers that were used in an outage.", \.staleAnswers),
            ("refusal_hits", "Requests that were answered by a remembered refusal.", \.refusalHits),
            ("marked_answers", "Answers that did not count, because of a revocation mark.", \.markedAnswers),
            ("overloads", "Questions that were turned away because too many were under way.", \.overloads),
            (
                "spared_questions", "Questions that were not asked while the breaker was open.",
                \.sparedQuestions
            ),
            ("leases", "Leases that this process took, to ask for its fleet.", \.leases),
            ("removals", "Tokens, subjects or clients that were forgotten.", \.removals),
            ("evictions", "Live answers that were dropped to make room.", \.evictions),
            ("store_failures", "Operations of the store that failed or took too long.", \.storeFailures),
            (
                "spared_store_operations", "Operations of the store that were left out while it failed.",
                \.sparedStoreOperations
            ),
            ("unreadable_records", "Stored answers that did not open.", \.unreadableRecords),
        ]
    }

    /// All metrics, in Prometheus's text format.
    var metrics: String {
        var text = PrometheusText()
        text.begin("token_gate_build_info", "gauge", "Always 1.")
        text.add("token_gate_build_info", ["version": TokenGate.version, "store": storeKind], 1)
        text.single(
            "process_start_time_seconds",
            "gauge",
            "When the process started, in seconds since 1970.",
            start.timeIntervalSince1970
        )
        text.begin("token_gate_answers_total", "counter", "Answers of /verify, by source and outcome.")
        for (answer, count) in answers {
            let source = answer.source.map(AnswerCounts.word) ?? "none"
            text.add(
                "token_gate_answers_total",
                ["source": source, "outcome": answer.outcome.rawValue],
                count
            )
        }
        text.begin("token_gate_questions_total", "counter", "Questions to authorities, by outcome.")
        for (outcome, count) in [
            ("accepted", statistics.acceptances), ("refused", statistics.refusals),
            ("failed", statistics.failedQuestions),
        ] {
            text.add("token_gate_questions_total", ["outcome": outcome], count)
        }
        text.begin(
            "token_gate_refreshes_total",
            "counter",
            "Answers in use that were asked about again before they expired, by outcome."
        )
        for (outcome, count) in [
            ("accepted", statistics.refreshes), ("refused", statistics.refusedRefreshes),
            ("failed", statistics.failedRefreshes), ("unneeded", statistics.unneededRefreshes),
        ] {
            text.add("token_gate_refreshes_total", ["outcome": outcome], count)
        }
        text.histogram(
            "token_gate_question_seconds",
            "How long authorities took, failed questions included.",
            statistics.questionTimes
        )
        text.single(
            "token_gate_questions_waiting",
            "gauge",
            "Questions that wait for their turn.",
            condition.waitingQuestions
        )
        text.begin("token_gate_authority_up", "gauge", "0 while the authority's circuit breaker is open.")
        for (name, group) in Dictionary(grouping: condition.authorities, by: { $0.name(names) }).sorted(by: {
            $0.key < $1.key
        }) {
            text.add("token_gate_authority_up", ["authority": name], group.contains(where: \.isOpen) ? 0 : 1)
        }
        text.begin("token_gate_store_up", "gauge", "0 while the circuit breaker of the store is open.")
        text.add("token_gate_store_up", ["use": "reads"], condition.storeReadsAreOpen ? 0 : 1)
        text.add("token_gate_store_up", ["use": "writes"], condition.storeWritesAreOpen ? 0 : 1)
        if let entries { text.single("token_gate_entries", "gauge", "Live answers in the store.", entries) }
        if let capacity {
            text.single(
                "token_gate_capacity",
                "gauge",
                "How many answers the store holds at the most.",
                capacity
            )
        }
        for (name, help, count) in Self.counters {
            text.single("token_gate_\(name)_total", "counter", help, statistics[keyPath: count])
        }
        return text.text
    }
}
