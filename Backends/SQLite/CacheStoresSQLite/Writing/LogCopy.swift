/// Copies the write-ahead log into the file on a thread of its own, while the writer goes on.
///
/// When the log is to begin anew, the writer then waits for the disk only for what came in since. No caller waits for
/// a copy: after one that failed or came too late the writer has more to copy.
struct LogCopy: Sendable {
    private let background: BackgroundReading

    /// - Parameter background: a thread that does nothing else.
    init(on background: BackgroundReading) {
        self.background = background
    }

    /// Has the log copied, unless that is being done.
    func begin() {
        background.begin { $0.copyLog() }
    }

    /// Begins no more copies; the thread ends after the last one.
    func close() {
        background.close()
    }

    /// Waits for the thread's end.
    func finished() async {
        await background.finished()
    }
}
