import CacheStoresWaiting

/// The work of a transport's thread: begins, drives and ends exchanges until the queue is closed.
///
/// Only this thread touches the handles and resumes tasks, so each task is resumed once.
final class CurlLoop {
    private let configuration: CurlTransport.Configuration
    private let queue: CurlQueue
    private let handleCount: CurlHandleCount
    private var multi: CurlMultiHandle?
    private var active: [ObjectIdentifier: CurlTransfer] = [:]
    private var idle: [CurlTransfer] = []
    /// No exchange in flight has to end earlier; it may be too early, never too late.
    private var earliestDeadline: Deadline?

    init(
        _ configuration: CurlTransport.Configuration,
        multi: CurlMultiHandle,
        queue: CurlQueue,
        handleCount: CurlHandleCount
    ) {
        self.configuration = configuration
        self.multi = multi
        self.queue = queue
        self.handleCount = handleCount
    }

    func run() {
        while let multi {
            let content = queue.collect()
            for submission in content.submissions {
                begin(submission, on: multi)
            }
            for call in content.cancellations {
                end(active[ObjectIdentifier(call)], with: .failure(CancellationError()))
            }
            guard !content.isClosed else { break }
            turn(multi)
        }
        endAll(HTTPTransportError.transportShutDown)
        idle = []
        queue.retireWaker()
        multi = nil
        queue.announceEnd()
    }

    private func turn(_ multi: CurlMultiHandle) {
        endOverdue()
        if !multi.perform() {
            endAll(HTTPTransportError(.connectionFailed, "libcurl failed"))
        }
        while let (transfer, code) = multi.nextCompletion() {
            end(transfer, with: transfer.outcome(code))
        }
        if queue.fallAsleep() {
            multi.wait(atMost: pause)
        }
    }

    private func begin(_ submission: CurlSubmission, on multi: CurlMultiHandle) {
        let call = submission.call
        do {
            guard !call.isCancelled else { throw CancellationError() }
            let transfer = try idle.popLast() ?? CurlTransfer(handleCount: handleCount)
            try transfer.prepare(submission, configuration: configuration)
            try multi.add(transfer.easy)
            active[ObjectIdentifier(call)] = transfer
            earliestDeadline = min(earliestDeadline ?? call.deadline, call.deadline)
        } catch {
            submission.continuation.resume(throwing: error)
        }
    }

    private func end(_ transfer: CurlTransfer?, with result: Result<CurlReply, any Error>) {
        guard let transfer, let multi else { return }
        multi.remove(transfer.easy)
        guard let submission = transfer.recycle() else { return }
        active[ObjectIdentifier(submission.call)] = nil
        if idle.count < configuration.maximumConnections {
            idle.append(transfer)
        }
        submission.continuation.resume(with: result)
    }

    private func endAll(_ error: HTTPTransportError) {
        for transfer in Array(active.values) {
            end(transfer, with: .failure(error))
        }
    }

    /// libcurl's own time-out does not run while an exchange waits for a connection, so the deadline is kept here.
    private func endOverdue() {
        guard let earliestDeadline, earliestDeadline.hasPassed else { return }
        for transfer in Array(active.values) where transfer.submission?.call.deadline.hasPassed ?? true {
            end(transfer, with: .failure(HTTPTransportError(.timedOut, "the deadline passed")))
        }
        self.earliestDeadline = active.values.compactMap { $0.submission?.call.deadline }.min()
    }

    /// How long to wait for something to happen, in milliseconds.
    private var pause: Int32 {
        guard let earliestDeadline else { return 60_000 }
        return Int32(clamping: min(60_000, earliestDeadline.remaining.millisecondsRoundedUp))
    }
}
