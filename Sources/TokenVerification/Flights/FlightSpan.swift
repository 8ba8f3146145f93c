import Synchronization
import Tracing

/// The span of a flight's question, a child of its first caller's span and linked to those of the others.
final class FlightSpan: Sendable {
    private struct State {
        var span: (any Span)?
        /// The callers that came before the question began, or those of a question that is asked once more.
        var callers: [ServiceContext] = []
    }

    /// How many callers a span is linked to; a span may bear only so much.
    private static let maximumLinks = 32

    let parent: CallerTrace
    private let state = Mutex(State())

    init(childOf parent: CallerTrace) {
        self.parent = parent
    }

    /// Links the span to that of another caller, at once or as soon as it begins.
    func link(_ caller: ServiceContext) {
        let span = state.withLock { state -> (any Span)? in
            guard state.callers.count < Self.maximumLinks else { return nil }
            state.callers.append(caller)
            return state.span
        }
        span?.addLink(SpanLink(context: caller, attributes: [:]))
    }

    /// Notes the span of a question that begins.
    func begin(_ span: any Span) {
        let callers = state.withLock { state in
            state.span = span
            return state.callers
        }
        for caller in callers { span.addLink(SpanLink(context: caller, attributes: [:])) }
    }

    /// Notes that the question is over.
    func end() {
        state.withLock { $0.span = nil }
    }
}
