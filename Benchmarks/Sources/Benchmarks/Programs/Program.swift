import Dispatch
import Foundation
import Synchronization

/// A program that runs beside the benchmark: a server, a load, or the benchmark itself once more.
///
/// Its pipe is read on a queue of its own, so that nothing here blocks a task. `@unchecked Sendable` because that
/// queue is serial and whatever changes after `init` is used on it.
final class Program: @unchecked Sendable {
    /// How long any program may run, in seconds; `timeout` ends it then.
    private static let limit = 1200

    /// The guards of all programs that run.
    private static let running = Mutex<Set<pid_t>>([])

    private let name: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let queue = DispatchQueue(label: "program")
    private var text = Data()

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - name: its name, or its path.
    ///   - arguments: its arguments.
    ///   - environment: what is added to this process's own environment.
    /// - Throws: whatever keeps it from starting.
    init(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        self.name = name
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "--kill-after=2", String(Self.limit), name] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, given in given }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try Self.withoutBlockedSignals { try process.run() }
        Self.running.withLock { _ = $0.insert(process.processIdentifier) }
    }

    deinit {
        // The guard before it passes this on.
        if process.isRunning { process.terminate() }
        Self.running.withLock { _ = $0.remove(process.processIdentifier) }
    }

    /// Ends every program that runs; for a benchmark that is ended itself.
    static func endAll() {
        for guardian in running.withLock({ $0 }) { kill(guardian, SIGTERM) }
    }

    /// Gives the program a line.
    func tell(_ line: String) async throws {
        try await onQueue { try self.input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8)) }
    }

    /// The program's next line.
    ///
    /// - Throws: ``BenchmarkError`` if it ends without one.
    func nextLine() async throws -> String {
        try await onQueue {
            while true {
                if let end = self.text.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { self.text = Data(self.text[(end + 1)...]) }
                    return String(decoding: self.text[..<end], as: UTF8.self)
                }
                let more = self.output.fileHandleForReading.availableData
                guard !more.isEmpty else { throw BenchmarkError("\(self.name) ended without an answer") }
                self.text += more
            }
        }
    }

    /// Waits for the program's end.
    ///
    /// - Returns: all that it wrote.
    /// - Throws: ``BenchmarkError`` if it failed.
    func wholeOutput() async throws -> String {
        try await onQueue {
            self.text += self.output.fileHandleForReading.readDataToEndOfFile()
            self.process.waitUntilExit()
            let text = String(decoding: self.text, as: UTF8.self)
            guard self.process.terminationStatus == 0 else {
                throw BenchmarkError("\(self.name) failed: \(text.suffix(500))")
            }
            return text
        }
    }

    /// Ends the program and waits until it has ended.
    func stop() async {
        process.terminate()
        _ = try? await wholeOutput()
    }

    /// A program inherits the signals that its parent's thread blocks, and those of a thread pool block SIGTERM.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var former = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        try body()
    }

    private func onQueue<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }
}

extension Program {
    /// Runs a program to its end, and gives what it wrote.
    static func output(of name: String, _ arguments: [String]) async throws -> String {
        try await Program(name, arguments).wholeOutput()
    }

    /// Starts the benchmark itself once more, with a fresh heap.
    convenience init(_ probe: Probe, _ arguments: [String]) throws {
        // By the name that it was started by: under valgrind the system knows it by another.
        try self.init(CommandLine.arguments[0], ["probe", probe.rawValue] + arguments)
    }

    /// The figure that a probe finds.
    static func figure(of probe: Probe) async throws -> Double {
        try await Program(probe, []).figure()
    }

    /// The figure that a probe ends with.
    func figure() async throws -> Double {
        let text = try await wholeOutput()
        guard let figure = Double(text.filter { !$0.isWhitespace }) else {
            throw BenchmarkError("a probe said: \(text)")
        }
        return figure
    }
}
