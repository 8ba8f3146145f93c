extension TokenCache {
    /// An authority's answer, judged by its marks: what a mark refuses is a refusal.
    ///
    /// - Throws: `unknownMarks` for a signed token whose marks can't be read.
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
