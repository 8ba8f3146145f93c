#if Hummingbird
import NIOCore

/// Calls back once its time is over; the time can be paused and resumed.
///
/// It is moved on often, so its task on the event loop is not cancelled for that: a task that comes too early schedules
/// the next one.
final class Countdown {
    private let eventLoop: NIOIsolatedEventLoop
    private let whenOver: () -> Void
    /// When the time is over, if it is not paused; nil if it does not run.
    private var deadline: NIODeadline?
    private var pausedSince: NIODeadline?
    private var task: Scheduled<Void>?

    init(on eventLoop: NIOIsolatedEventLoop, whenOver: @escaping () -> Void) {
        self.eventLoop = eventLoop
        self.whenOver = whenOver
    }

    var isStarted: Bool { deadline != nil }

    /// Starts, or starts again.
    func start(_ time: TimeAmount) {
        let now = NIODeadline.now()
        deadline = now + time
        if pausedSince != nil { pausedSince = now }
        schedule()
    }

    func stop() {
        deadline = nil
        task?.cancel()
        task = nil
    }

    func pause() {
        if pausedSince == nil { pausedSince = .now() }
    }

    func resume() {
        guard let since = pausedSince else { return }
        pausedSince = nil
        guard let end = deadline else { return }
        deadline = end + (.now() - since)
        schedule()
    }

    private func schedule() {
        guard task == nil, pausedSince == nil, let deadline else { return }
        task = eventLoop.scheduleTask(deadline: deadline) { self.check() }
    }

    private func check() {
        task = nil
        guard pausedSince == nil, let deadline else { return }
        guard deadline <= .now() else { return schedule() }
        stop()
        whenOver()
    }
}
#endif
