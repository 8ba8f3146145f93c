import Foundation
import TokenVerification

extension GateMonitor.Report {
    /// A page for people: self-contained, without anything of a token or a subject.
    var statusPage: String {
        let degraded = condition.degraded(names)
        let state =
            degraded.isEmpty ? "Everything works" : condition.canDecide ? "Degraded" : "Not able to decide"
        return """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>TokenGate: \(state)</title>
            <style>\(Self.style)</style>
            <h1>TokenGate</h1>
            <p class="\(degraded.isEmpty ? "good" : "bad")">\(state)</p>
            <h2>State</h2>
            <table>\(rows(stateRows))</table>
            <h2>Answers of /verify</h2>
            <table>\(rows(answerRows))</table>
            <h2>Authority</h2>
            <table>\(rows(authorityRows))</table>
            <p class="note">Since \(start.formatted(.iso8601)). This page renews itself every ten seconds.</p>
            </html>

            """
    }

    private var stateRows: [(String, String)] {
        let authorities = condition.authorities.map { ($0.name(names), $0.isOpen) }.sorted { $0.0 < $1.0 }
            .map { name, isOpen in ("Authority, \(name)", isOpen ? "does not answer" : "answers") }
        let use =
            switch (entries, capacity) {
            case (let entries?, let capacity?): "\(number(entries)) of \(number(capacity))"
            case (let entries?, nil): number(entries)
            default: "not known"
            }
        return authorities + [
            ("Store", storeKind),
            ("Reading the store", condition.storeReadsAreOpen ? "fails" : "works"),
            ("Writing to the store", condition.storeWritesAreOpen ? "fails" : "works"),
            ("Answers kept", use), ("Dropped to make room", number(statistics.evictions)),
        ]
    }

    private var answerRows: [(String, String)] {
        let accepted = answers.filter { $0.answer.outcome == .accepted }
        let total = accepted.reduce(0) { $0 + $1.count }
        let hits = accepted.filter { $0.answer.source == .memory || $0.answer.source == .store }
            .reduce(0) { $0 + $1.count }
        let ratio =
            total == 0 ? "no answer yet" : "\(hits * 1_000 / total / 10).\(hits * 1_000 / total % 10) %"
        return [("Accepted from the cache", ratio)]
            + answers.map { answer, count in
                let source = answer.source.map { ", \(AnswerCounts.word($0))" } ?? ""
                return (answer.outcome.rawValue.replacing("_", with: " ") + source, number(count))
            }
    }

    private var authorityRows: [(String, String)] {
        let times = statistics.questionTimes
        func share(_ share: Double) -> String {
            guard times.count > 0 else { return "no question yet" }
            guard let bound = times.bound(of: share) else { return "more than 10 s" }
            return "at most \(number(Int(bound / .milliseconds(1)))) ms"
        }
        return [
            ("Questions", number(statistics.questions)),
            ("of these failed", number(statistics.failedQuestions)),
            ("Waiting for their turn", number(condition.waitingQuestions)),
            ("Time, half of the questions", share(0.5)), ("Time, 99 of 100 questions", share(0.99)),
        ]
    }

    private func rows(_ rows: [(String, String)]) -> String {
        rows.map { "<tr><th>\(escaped($0.0))<td>\(escaped($0.1))" }.joined()
    }

    /// With a thin space between thousands.
    private func number(_ number: Int) -> String {
        var digits = String(number)
        var index = digits.endIndex
        while digits.distance(from: digits.startIndex, to: index) > 3 {
            index = digits.index(index, offsetBy: -3)
            digits.insert("\u{2009}", at: index)
        }
        return digits
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static let style = """
        body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
        h1{margin:0}h2{font-size:1rem;margin:1.5rem 0 .3rem}
        table{width:100%;border-collapse:collapse}
        th,td{padding:.25rem 0;border-bottom:1px solid #ddd;text-align:left;font-weight:normal}
        td{text-align:right;font-variant-numeric:tabular-nums}
        .good,.bad{padding:.5rem .8rem;border-radius:.3rem;background:#e3f4e5;color:#14532d}
        .bad{background:#fbe6e3;color:#7f1d1d}
        .note{color:#666;font-size:.85rem}
        @media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}th,td{border-color:#383838}
        .good{background:#173d20;color:#c5ecce}.bad{background:#4c1d19;color:#f7cfc9}.note{color:#999}}
        """
}
