import ExampleFleet
import HTTPTransports
import HTTPTypes

/// The steps of a walk-through: each asks something, and shows what came of it beside what should have.
final class Steps {
    /// What should come of a step, in the table's words.
    enum Wanted {
        /// The authority was asked.
        case asked(String)
        /// The answer was kept in the store.
        case kept(String)
        /// The gate had no answer from the store or the authority.
        case unanswered(String)
    }

    private let report: Report
    private let storeName: String
    /// How often authorities had been asked that have been stopped since.
    private var earlierQuestions = 0
    private(set) var questions = 0

    /// - Parameters:
    ///   - report: where steps are shown.
    ///   - storeName: what the gates' store is called there.
    init(report: Report, storeName: String) {
        self.report = report
        self.storeName = storeName
    }

    /// Asks a gate about a token.
    ///
    /// - Parameters:
    ///   - asked: what is asked, in words.
    ///   - token: the token.
    ///   - gate: the gate that is asked.
    ///   - authority: the authority that the gate asks; `nil` if that is down.
    ///   - wanted: what should come of it.
    ///   - wantedQuestions: how often the authority should have been asked since the beginning; `nil` if that depends
    ///     on how long something else takes.
    ///   - limit: how long the gate is asked again and again until that comes of it.
    /// - Throws: what keeps it from going on.
    func step(
        _ asked: String,
        _ token: String,
        _ gate: GateProcess,
        _ authority: AuthorityProcess?,
        _ wanted: Wanted,
        _ wantedQuestions: Int?,
        within limit: Duration = .zero
    ) async throws {
        let end = ContinuousClock.now + limit
        var (outcome, duration) = try await outcome(of: token, at: gate)
        while !wanted.isMet(by: outcome, storeName), ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(5))
            (outcome, duration) = try await self.outcome(of: token, at: gate)
        }
        try await count(authority)
        outcome.questions = questions
        let wanted = wanted.outcome(storeName, questions: wantedQuestions ?? questions)
        report.step(asked, outcome, wanted: wanted, took: duration)
    }

    /// Asks gates about one token fifty times at once.
    ///
    /// - Parameters:
    ///   - asked: what is asked, in words.
    ///   - subject: whose token it is.
    ///   - gates: who is asked, in turn.
    ///   - authority: who issues the token, and is asked once by each gate at the most.
    /// - Throws: what keeps it from going on.
    func burst(
        _ asked: String,
        by subject: String,
        _ gates: [GateProcess],
        _ authority: AuthorityProcess
    ) async throws {
        let token = try await authority.token(for: subject, scope: "read")
        let before = questions
        let start = ContinuousClock.now
        let replies = try await withThrowingTaskGroup(of: HTTPReply.self) { group in
            for number in 0..<50 { group.addTask { try await gates[number % gates.count].verify(token) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let duration = ContinuousClock.now - start
        try await count(authority)
        let accepted = replies.filter { $0.answer == "200 \(subject)" }.count
        let isShared = (1...gates.count).contains(questions - before)
        let source = gates.count == 1 ? "one question, shared by all" : "a question each at most"
        report.step(
            asked,
            Report.Outcome(
                answer: "\(accepted) of 50: 200 \(subject)",
                source: isShared ? source : "\(questions - before) questions",
                questions: questions
            ),
            wanted: Report.Outcome(
                answer: "50 of 50: 200 \(subject)",
                source: source,
                questions: questions
            ),
            took: duration
        )
    }

    /// Reads the authority's count for the last time, before it is stopped.
    func leave(_ authority: AuthorityProcess) async throws {
        try await count(authority)
        earlierQuestions = questions
    }

    /// Counts from here, whatever the authority has been asked so far.
    func begin(with authority: AuthorityProcess) async throws {
        earlierQuestions = -(try await authority.questions())
    }

    /// Shows a step that is no single request.
    func show(
        _ asked: String,
        _ answer: String,
        wanted: String,
        from source: String,
        _ authority: AuthorityProcess,
        took duration: Duration
    ) async throws {
        try await count(authority)
        report.step(
            asked,
            Report.Outcome(answer: answer, source: source, questions: questions),
            wanted: Report.Outcome(answer: wanted, source: source, questions: questions),
            took: duration
        )
    }

    private func outcome(
        of token: String,
        at gate: GateProcess
    ) async throws -> (outcome: Report.Outcome, duration: Duration) {
        let start = ContinuousClock.now
        let reply = try await gate.verify(token)
        let duration = ContinuousClock.now - start
        let source = reply.origin(storeName: storeName)
        return (Report.Outcome(answer: reply.answer, source: source, questions: questions), duration)
    }

    private func count(_ authority: AuthorityProcess?) async throws {
        if let authority { questions = try await authority.questions() + earlierQuestions }
    }
}

extension Steps.Wanted {
    fileprivate func isMet(by outcome: Report.Outcome, _ storeName: String) -> Bool {
        outcome == self.outcome(storeName, questions: outcome.questions)
    }

    fileprivate func outcome(_ storeName: String, questions: Int) -> Report.Outcome {
        switch self {
        case .asked(let answer): Report.Outcome(answer: answer, source: "the authority", questions: questions)
        case .kept(let answer): Report.Outcome(answer: answer, source: storeName, questions: questions)
        case .unanswered(let answer):
            Report.Outcome(answer: answer, source: "no answer", questions: questions)
        }
    }
}
