import Dispatch
import Foundation

/// Another process with a store, which obeys a line at a time.
///
/// The pipes are read and written on a queue of the child's own, so nothing here blocks the tasks of the tests.
/// `@unchecked Sendable` because that queue is serial and all that changes is used on it.
package final class Child: @unchecked Sendable {
    package struct Gone: Error {}

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let queue = DispatchQueue(label: "child")
    private let reader: LineReader

    package init() throws {
        reader = LineReader(output.fileHandleForReading)
        process.executableURL = Self.executable
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Tells the process something and waits for its answer.
    @discardableResult
    package func ask(_ line: String) async throws -> String {
        try await tell(line)
        return try await onQueue { try self.reader.next() }
    }

    /// Tells the process something whose answers are of no interest yet.
    package func tell(_ line: String) async throws {
        try await onQueue { try self.input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8)) }
    }

    /// Waits for so many lines.
    package func lines(_ count: Int) async throws -> [String] {
        try await onQueue { try (0..<count).map { _ in try self.reader.next() } }
    }

    /// Stops the process, until ``goOn()``, and waits until all its threads stand still.
    package func stop() async throws {
        kill(process.processIdentifier, SIGSTOP)
        try await onQueue {
            var information = siginfo_t()
            // `WNOWAIT` leaves the state to be waited for again, by what waits for the process's end.
            let flags = WSTOPPED | WEXITED | WNOWAIT
            while waitid(P_PID, id_t(self.process.processIdentifier), &information, flags) != 0 {
                guard errno == EINTR else { throw Gone() }
            }
        }
    }

    /// Lets the stopped process go on.
    package func goOn() {
        kill(process.processIdentifier, SIGCONT)
    }

    /// Ends the process without warning, and gives the lines that it wrote before.
    package func killed() async throws -> [String] {
        kill(process.processIdentifier, SIGKILL)
        return try await onQueue {
            let lines = self.reader.rest()
            self.process.waitUntilExit()
            return lines
        }
    }

    private func onQueue<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }

    /// The program is built next to the tests.
    private static var executable: URL {
        let tests =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("StoreProcess")
    }
}
