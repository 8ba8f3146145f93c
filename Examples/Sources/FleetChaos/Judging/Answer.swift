import ExampleFleet
import HTTPTransports
import HTTPTypes

/// What came of asking a gate about a token.
package struct Answer: Sendable {
    package enum Source: String, Sendable {
        case authority = "miss"
        case store = "hit"
        case sharedQuestion = "shared"
        case stale
    }

    package enum Content: Sendable, Equatable {
        case accepted(Source, subject: String)
        case status(Int)
        /// Nothing came, although the gate was there.
        case none
    }

    package let content: Content
    /// Who was asked.
    package let gate: String
    /// From the request to the answer.
    package let period: ClosedRange<ContinuousClock.Instant>
    /// When the gate was stopped.
    package let pauses: Spans
    /// The newest key whose tokens this process of the gate had accepted when it was asked.
    package let knownGeneration: Int?

    package init(
        content: Content,
        gate: String,
        period: ClosedRange<ContinuousClock.Instant>,
        pauses: Spans = Spans(),
        knownGeneration: Int? = nil
    ) {
        self.content = content
        self.gate = gate
        self.period = period
        self.pauses = pauses
        self.knownGeneration = knownGeneration
    }

    var words: String {
        switch content {
        case .accepted(let source, _): "200 \(source.rawValue)"
        case .status(let status): String(status)
        case .none: "no answer"
        }
    }
}

extension Answer.Content {
    init(_ reply: HTTPReply) {
        let status = reply.head.status.code
        if status == 200, let source = reply.source.flatMap(Answer.Source.init),
            let subject = reply["X-Token-Subject"]
        {
            self = .accepted(source, subject: subject)
        } else {
            self = .status(status)
        }
    }
}
