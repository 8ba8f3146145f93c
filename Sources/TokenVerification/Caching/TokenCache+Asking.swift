extension TokenCache {
    /// The authority's answer, judged by its marks: what a mark refuses is a refusal.
    ///
    /// - Parameters:
    ///   - question: the question.
    ///   - span: its span; `nil` if nothing is traced.
    ///   - isKnown: whether the token was accepted before.
    /// - Returns: the answer.
    /// - Throws: what keeps the authority from answering; `unknownMarks` for a signed token whose marks can't be read.
    func authorityAnswer(
        to question: Question,
        as span: FlightSpan?,
        isKnown: Bool
    ) async throws(VerificationError) -> TimedVerdict {
        try await judged(question.authority.ask(question, as: span, isKnown: isKnown), of: question)
    }

    /// An answer, judged by its marks.
    func judged(
        _ answer: TimedVerdict,
        of question: Question
    ) async throws(VerificationError) -> TimedVerdict {
        var answer = answer
        let isSigned = question.authority.markRule.signed != nil
        // Where nothing is kept, an opaque token's answer is as new as can be.
        guard isSigned || timeToLive != nil, case .accepted(let token, _) = answer.verdict else {
            return answer
        }
        switch await answers.revocationState(of: token, as: question) {
        case .clear: break
        case .superseded: answer.isSuperseded = true
        case .refused(let reason):
            answer = TimedVerdict(verdict: .refused, refusal: reason, asked: answer.asked)
        case .unknown: if isSigned { throw VerificationError(.unknownMarks) }
        }
        return answer
    }
}
