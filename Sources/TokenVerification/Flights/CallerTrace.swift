import Tracing

/// A caller's place in a trace: the parent of a question's span, or a link of it.
///
/// A flight runs on a task of its own, which inherits neither the tracer nor the span of the caller that started it.
struct CallerTrace: Sendable {
    let tracer: any Tracer
    /// The context of the caller's span, if it has one.
    let context: ServiceContext?

    /// The current task's; `nil` if nothing is traced.
    static var current: CallerTrace? {
        if InstrumentationSystem.instrument is NoOpInstrument { return nil }
        return CallerTrace(tracer: InstrumentationSystem.tracer, context: .current)
    }
}
