import Dispatch
public import Foundation
import Synchronization

/// A program that runs beside a test, and is killed with this object.
///
/// Its output is read on a queue of its own, so that nothing here blocks a task. `@unchecked Sendable`: that queue is
/// serial, and what changes after `init` is used on it; Foundation lets any thread signal a process and wait for it.
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
    let process = Process()
    let input: FileHandle
    let output: FileHandle
    var text = Data()
    private let queue = DispatchQueue(label: "child process")
    private let waitLimit: Duration

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: the program.
    ///   - arguments: its arguments.
    ///   - environment: what is added to this process's own environment, of which nothing configures a gate.
    ///   - source: what it reads.
    ///   - errors: where its standard error goes.
    ///   - waitLimit: how long a test waits for the program before it is killed.
    /// - Throws: what keeps it from starting.
    public init(
        _ program: Program,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        input source: Input = .nothing,
        errors: FileHandle = .nullDevice,
        waitLimit: Duration = .seconds(60)
    ) throws {
        self.waitLimit = waitLimit
        switch program {
        case .sibling(let name):
            self.name = name
            process.executableURL = URL(fileURLWithPath: Self.path(ofSibling: name))
            process.arguments = arguments
        case .installed(let name):
            self.name = name
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [name] + arguments
        }
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TOKEN_GATE_") }
        process.environment = inherited.merging(environment) { $1 }
        process.standardError = errors
        (input, output) = try Self.running.withLock { [process] running in
            let (input, output) = (Pipe(), Pipe())
            switch source {
            case .nothing: process.standardInput = FileHandle.nullDevice
            case .lines: process.standardInput = input
            case .file(let file): process.standardInput = file
            }
            process.standardOutput = output
            let ends = (input.fileHandleForWriting, output.fileHandleForReading)
            for end in [ends.0, ends.1] { _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC) }
            try Self.withoutBlockedSignals { try process.run() }
            running.insert(process.processIdentifier)
            return ends
        }
    }

    deinit {
        if process.isRunning { Self.killGroup(process.processIdentifier) }
        Self.running.withLock { _ = $0.remove(process.processIdentifier) }
    }

    /// Kills every program that runs, for a program that is ended itself.
    public static func killAll() {
        for identifier in running.withLock({ $0 }) { killGroup(identifier) }
    }

    /// The path of a program that is built beside this one.
    public static func path(ofSibling name: String) -> String {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own ?? CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent(name).path
    }

    public var isRunning: Bool { process.isRunning }
    public var identifier: pid_t { process.processIdentifier }

    /// Sends the program a signal.
    public func signal(_ number: Int32) {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, number)
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
            while waitid(P_PID, id_t(process.processIdentifier), &information, flags) != 0 {
                guard errno == EINTR else { throw TestFailure("\(name) has ended") }
            }
        }
    }

    /// Ends the program without warning, and returns when it has ended.
    public func kill() {
        signal(SIGKILL)
        process.waitUntilExit()
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
    /// - Returns: its status.
    public func status() async throws -> Int32 {
        try await onQueue { [process] in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// Does blocking work on the queue; the program is killed if that takes too long.
    func onQueue<Success: Sendable>(_ work: @escaping @Sendable () throws -> Success) async throws -> Success
    {
        let watchdog = DispatchWorkItem { [process] in
            if process.isRunning { Self.killGroup(process.processIdentifier) }
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + waitLimit / .seconds(1), execute: watchdog)
        defer { watchdog.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Kills a program, and what it has started if it leads a group of processes, as `timeout` does.
    private static func killGroup(_ identifier: pid_t) {
        if Foundation.kill(-identifier, SIGKILL) != 0 { Foundation.kill(identifier, SIGKILL) }
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
}
