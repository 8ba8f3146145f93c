import CacheStores
import Foundation
import Synchronization

/// Counts the live rows of a file by raw SQL, again and again, on a thread of its own.
final class Observer: Sendable {
    struct Report {
        var samples = 0
        /// The largest number of live rows that was ever seen.
        var most = 0
    }

    private struct State {
        var report = Report()
        var isStopped = false
        var failure: (any Error)?
        var waiting: CheckedContinuation<Report, any Error>?
        var isFinished = false
    }

    private let state = Mutex(State())

    init(path: String) {
        let thread = Thread { [self] in
            do {
                let database = try RawDatabase(path)
                while !state.withLock({ $0.isStopped }) {
                    let now = WallClock.system.now.millisecondsSince1970
                    let live = try database.integer("SELECT count(*) FROM entries WHERE expiry > \(now)") ?? 0
                    state.withLock { state in
                        state.report.samples += 1
                        state.report.most = max(state.report.most, Int(live))
                    }
                }
            } catch {
                state.withLock { $0.failure = error }
            }
            finish()
        }
        thread.start()
    }

    var samples: Int { state.withLock { $0.failure == nil ? $0.report.samples : .max } }

    /// Ends the counting soon; a test that fails half-way must not leave a busy thread behind.
    func halt() {
        state.withLock { $0.isStopped = true }
    }

    /// Ends the counting and says what was seen.
    func stop() async throws -> Report {
        try await withCheckedThrowingContinuation { continuation in
            let isFinished = state.withLock { state in
                state.isStopped = true
                state.waiting = continuation
                return state.isFinished
            }
            if isFinished { finish() }
        }
    }

    private func finish() {
        let (waiting, result) = state.withLock { state in
            state.isFinished = true
            defer { state.waiting = nil }
            return (state.waiting, state.failure.map { .failure($0) } ?? Result.success(state.report))
        }
        waiting?.resume(with: result)
    }
}
