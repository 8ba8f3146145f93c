import CacheStores
import Foundation
import Synchronization
import TokenVerificationTestSupport

/// Counts the live entries of a store behind its back, again and again, on a thread of its own.
package final class Observer: Sendable {
    package struct Report: Sendable {
        package fileprivate(set) var samples = 0
        /// The largest number of live entries that was ever seen.
        package fileprivate(set) var most = 0
    }

    private struct State {
        var report = Report()
        var isStopped = false
        var failure: (any Error)?
        var waiting: CheckedContinuation<Report, any Error>?
        var isFinished = false
    }

    private let state = Mutex(State())

    /// Begins to count.
    ///
    /// - Parameter open: makes ready on the observer's thread, and returns what counts once.
    package init(_ open: @escaping @Sendable () throws -> () throws -> Int) {
        let thread = Thread { [self] in
            do {
                let count = try open()
                while !state.withLock({ $0.isStopped }) {
                    let live = try count()
                    state.withLock { state in
                        state.report.samples += 1
                        state.report.most = max(state.report.most, live)
                    }
                }
            } catch {
                state.withLock { $0.failure = error }
            }
            finish()
        }
        thread.start()
    }

    /// Begins to count the live rows of a file by raw SQL.
    package convenience init(path: String) {
        self.init {
            let database = try RawDatabase(path)
            return {
                let now = WallClock.system.now.millisecondsSince1970
                return Int(try database.integer("SELECT count(*) FROM entries WHERE expiry > \(now)") ?? 0)
            }
        }
    }

    /// Takes the counts that a program writes, one a line, for as long as it is let.
    package convenience init(program words: [String]) {
        self.init {
            let program = try ChildProcess(.installed(words[0]), Array(words.dropFirst()))
            return {
                guard let number = Int(try program.waitForLine()) else { throw TestFailure("not a number") }
                return number
            }
        }
    }

    package var samples: Int { state.withLock { $0.failure == nil ? $0.report.samples : .max } }

    /// Ends the counting soon; a test that fails half-way must not leave a busy thread behind.
    package func halt() {
        state.withLock { $0.isStopped = true }
    }

    /// Ends the counting and says what was seen.
    package func stop() async throws -> Report {
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
