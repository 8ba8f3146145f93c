import Dispatch
public import Foundation
import Synchronization

/// A program that runs beside a test, and is killed with this object.
///
/// Its output is read on a queue of its own, so that nothing here blocks a task. `@unchecked Sendable`: that queue is
/// serial, and what changes after `init` is used on it.
public final class ChildProcess: @unchecked Sendable {
    /// Where a program lies.
    public enum Program: Sendable {
        /// Beside this program, where one build puts all that it makes.
        case sibling(String)
        /// Where the system keeps its programs.
        case installed(String)
    }

    /// What a program reads.
    public enum Input {
        case nothing
        /// What ``tell(_:)`` says.
        case lines
        case file(FileHandle)
    }

    /// The programs that run.
    ///
    /// One starts at a time, with its pipes. No other program inherits a pipe, which would then have no end.
    private static let running = Mutex<Set<pid_t>>([])

    public let name: String
    let input: FileHandle
    let output: FileHandle
    var text = Data()
    private let program: SpawnedProgram
    private let queue = DispatchQueue(label: "child process")
    private let waitLimit: Duration

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: the program.
    ///   - arguments: its arguments.
    ///   - environment: what is added to this process's own environment, of which nothing configures a gate.
    ///   - source: what it reads.
    ///   - errors: where its standard error goes; `nil` for nowhere.
    ///   - waitLimit: how long a test waits for the program before it is killed.
    /// - Throws: what keeps it from starting.
    public init(
        _ program: Program,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        input source: Input = .nothing,
        errors: FileHandle? = nil,
        waitLimit: Duration = .seconds(60)
    ) throws {
        self.waitLimit = waitLimit
        let words: [String]
        switch program {
        case .sibling(let name): (self.name, words) = (name, [Self.path(ofSibling: name)])
        case .installed(let name): (self.name, words) = (name, ["/usr/bin/env", name])
        }
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TOKEN_GATE_") }
        (self.program, input, output) = try Self.running.withLock { running in
            let (input, output) = (Pipe(), Pipe())
            let read: FileHandle? =
                switch source {
                case .nothing: nil
                case .lines: input.fileHandleForReading
                case .file(let file): file
                }
            let program = try SpawnedProgram(
                words[0],
                words.dropFirst() + arguments,
                environment: inherited.merging(environment) { $1 },
                descriptors: [read, output.fileHandleForWriting, errors]
            )
            try input.fileHandleForReading.close()
            try output.fileHandleForWriting.close()
            running.insert(program.identifier)
            return (program, input.fileHandleForWriting, output.fileHandleForReading)
        }
    }

    deinit {
        end()
        _ = program.wait()
        let identifier = program.identifier
        Self.running.withLock { _ = $0.remove(identifier) }
    }

    /// Kills every program that runs, for a program that is ended itself.
    public static func killAll() {
        for identifier in running.withLock({ $0 }) { Foundation.kill(-identifier, SIGKILL) }
    }

    /// The path of a program that is built beside this one.
    public static func path(ofSibling name: String) -> String {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own ?? CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent(name).path
    }

    public var isRunning: Bool { program.isRunning }
    public var identifier: pid_t { program.identifier }

    /// Sends the program a signal.
    public func signal(_ number: Int32) {
        program.signal(number)
    }

    /// Stops the program where it is, or lets it go on.
    public func pause(_ isPaused: Bool) {
        signal(isPaused ? SIGSTOP : SIGCONT)
    }

    /// Waits until all threads of a program that is paused stand still.
    public func waitUntilPaused() async throws {
        try await onQueue { [self] in
            var information = siginfo_t()
            // `WNOWAIT` leaves the state to be waited for again, by what waits for the process's end.
            let flags = WSTOPPED | WEXITED | WNOWAIT
            while waitid(P_PID, id_t(program.identifier), &information, flags) != 0 {
                guard errno == EINTR else { throw TestFailure("\(name) has ended") }
            }
        }
    }

    /// Ends the program without warning, and returns when it has ended.
    public func kill() {
        signal(SIGKILL)
        _ = program.wait()
    }

    /// Asks the program to end.
    ///
    /// - Returns: its status.
    @discardableResult
    public func terminate() async throws -> Int32 {
        signal(SIGTERM)
        return try await status()
    }

    /// Waits until the program ends.
    ///
    /// - Returns: its status, or the signal that ended it.
    public func status() async throws -> Int32 {
        try await onQueue { self.program.wait() }
    }

    /// Does blocking work on the queue; the program is killed if that takes too long.
    func onQueue<Success: Sendable>(_ work: @escaping @Sendable () throws -> Success) async throws -> Success
    {
        let watchdog = DispatchWorkItem { [weak self] in self?.end() }
        DispatchQueue.global().asyncAfter(deadline: .now() + waitLimit / .seconds(1), execute: watchdog)
        defer { watchdog.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Kills the program, and what it has started.
    private func end() {
        program.signal(SIGKILL, toGroup: true)
    }
}
