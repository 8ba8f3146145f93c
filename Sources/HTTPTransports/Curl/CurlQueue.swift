import CacheStoresWaiting
import Synchronization

/// What tasks leave for the thread.
///
/// Wake-ups are coalesced: only the first message after the thread fell asleep pays for one.
final class CurlQueue: Sendable {
    /// What has come in since the last look.
    struct Content: Sendable {
        var submissions: [CurlSubmission] = []
        var cancellations: [CurlCall] = []
        var isClosed = false
    }

    private struct State: Sendable {
        var content = Content()
        var waker: CurlWaker?
        var isAsleep = false

        /// Called with the lock held, so that the thread can't free the handle meanwhile; it never blocks.
        mutating func rouse() {
            guard isAsleep else { return }
            isAsleep = false
            waker?.wake()
        }
    }

    private let state: Mutex<State>
    private let hasEnded = AsyncMonitor(false)

    init(waker: CurlWaker) {
        state = Mutex(State(waker: waker))
    }

    /// Hands a call to the thread, which then resumes the continuation exactly once.
    ///
    /// - Returns: false if the queue is closed: then the continuation is still the caller's to resume.
    func submit(_ submission: CurlSubmission) -> Bool {
        state.withLock { state in
            guard !state.content.isClosed else { return false }
            state.content.submissions.append(submission)
            state.rouse()
            return true
        }
    }

    /// Asks the thread to end a call, submitted or not yet.
    func cancel(_ call: CurlCall) {
        // The mark comes first: whichever of submission and cancellation the thread sees first, it knows.
        call.cancel()
        state.withLock { state in
            guard !state.content.isClosed else { return }
            state.content.cancellations.append(call)
            state.rouse()
        }
    }

    /// Refuses all that comes from now on and asks the thread to end.
    func close() {
        state.withLock { state in
            state.content.isClosed = true
            state.rouse()
        }
    }

    /// Returns once the thread has given everything back and is about to end.
    func end() async {
        await hasEnded.wait { $0 }
    }
}

/// The thread's side.
extension CurlQueue {
    /// Takes what has come in; once this says that the queue is closed, nothing will come any more.
    func collect() -> Content {
        state.withLock { state in
            state.isAsleep = false
            let content = state.content
            state.content = Content(isClosed: content.isClosed)
            return content
        }
    }

    /// Asks to be woken by the next message.
    ///
    /// - Returns: false if there is something to collect already.
    func fallAsleep() -> Bool {
        state.withLock { state in
            let content = state.content
            state.isAsleep =
                content.submissions.isEmpty && content.cancellations.isEmpty && !content.isClosed
            return state.isAsleep
        }
    }

    /// Lets go of the waker, whose handle is about to be freed.
    func retireWaker() {
        state.withLock { $0.waker = nil }
    }

    /// Resumes the callers of `end()`; the thread's last act.
    func announceEnd() {
        hasEnded.withLock { $0 = true }
    }
}
