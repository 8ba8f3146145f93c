import ExampleFleet
import HTTPTransports
import HTTPTypes

/// What came of asking a gate about a token.
struct Answer: Sendable {
    enum Source: String, Sendable {
        case authority = "miss"
        case store = "hit"
        case sharedQuestion = "shared"
        case stale
    }

    enum Content: Sendable, Equatable {
        case accepted(Source)
        case status(Int)
        /// Nothing came, although the gate was there.
        case none
    }

    let content: Content
    /// From the request to the answer.
    let period: ClosedRange<ContinuousClock.Instant>
    /// How long it took, apart from when the gate was stopped.
    let patience: Duration

    var words: String {
        switch content {
        case .accepted(let source): "200 \(source.rawValue)"
        case .status(let status): String(status)
        case .none: "none"
        }
    }
}

extension Answer.Content {
    init(_ reply: HTTPReply) {
        let status = reply.head.status.code
        if status == 200, let source = reply.source.flatMap(Answer.Source.init) {
            self = .accepted(source)
        } else {
            self = .status(status)
        }
    }
}
