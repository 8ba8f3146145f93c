/// Copies the write-ahead log into the file on a thread of its own, while the writer goes on.
///
/// The writer then waits for the disk only for what came in since, when the log is to begin anew. Nobody waits for a
/// copy: one that fails, or comes too late, leaves the writer more to copy.
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
