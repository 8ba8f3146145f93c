import Dispatch
package import Foundation

/// A server of these examples as a process of its own.
///
/// Its pipe is read on a queue of its own, so that nothing here blocks a task. `@unchecked Sendable` because that
/// queue is serial and whatever changes after `init` is used on it.
package final class ChildProcess: @unchecked Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    private let process = Process()
    private let output = Pipe()
    private let queue = DispatchQueue(label: "child")
    private let name: String
    /// What the program has written so far.
    private var written = Data()

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - name: the program's name.
    ///   - directory: where it lies; `nil` for where this one does.
    ///   - arguments: its arguments.
    ///   - environment: what is added to this process's own environment, of which nothing configures a gate.
    ///   - input: its standard input; `nil` for none.
    ///   - errors: where its standard error goes; `nil` for this process's own.
    /// - Throws: whatever keeps it from starting.
    package init(
        _ name: String,
        in directory: URL? = nil,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: FileHandle? = nil,
        errors: FileHandle? = nil
    ) throws {
        self.name = name
        process.executableURL = (directory ?? Self.directory).appendingPathComponent(name)
        process.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TOKEN_GATE_") }
        process.environment = inherited.merging(environment) { _, given in given }
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = output
        if let errors { process.standardError = errors }
        try process.run()
    }

    deinit {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    package var isRunning: Bool { process.isRunning }

    /// The address that the program announces once it accepts requests.
    ///
    /// - Parameter announcer: the name that announces it; `nil` for the program's own.
    /// - Returns: the address, such as `http://127.0.0.1:8080`.
    /// - Throws: `Failure` if it ends, or says nothing for half a minute.
    package func address(of announcer: String? = nil) async throws -> String {
        let words = "\(announcer ?? name): listening on "
        let text = try await output(until: words)
        guard let start = text.range(of: words)?.upperBound else {
            throw Failure(description: "\(name) did not start")
        }
        return String(text[start...].prefix { !$0.isWhitespace })
    }

    /// What the program has written up to the end of a line that holds some words.
    ///
    /// - Throws: `Failure` if it ends, or does not write them within half a minute.
    func output(until words: String) async throws -> String {
        let watchdog = watchdog()
        defer { watchdog.cancel() }
        let text = try await onQueue { [self] in
            while true {
                let lines = String(decoding: written, as: UTF8.self)
                if let found = lines.range(of: words), lines[found.upperBound...].contains("\n") {
                    return lines
                }
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { return "" }
                written += more
            }
        }
        guard !text.isEmpty else { throw Failure(description: "\(name) did not start") }
        return text
    }

    /// Everything that the program writes until it ends, which it is made to after half a minute.
    package func output() async throws -> String {
        let watchdog = watchdog()
        defer { watchdog.cancel() }
        return try await onQueue { [output] in
            String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
    }

    /// Asks the program to end, and waits until it did; one that does not within half a minute is killed.
    ///
    /// - Returns: its status.
    @discardableResult
    package func terminate() async throws -> Int32 {
        let watchdog = watchdog()
        defer { watchdog.cancel() }
        process.terminate()
        return try await status()
    }

    /// Waits until the program ends.
    ///
    /// - Returns: its status.
    package func status() async throws -> Int32 {
        try await onQueue { [process] in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// Ends the program without warning.
    package func kill() async throws {
        Foundation.kill(process.processIdentifier, SIGKILL)
        _ = try await status()
    }

    /// Sends the program a SIGHUP.
    package func hangUp() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGHUP)
    }

    /// Stops the program where it is, or lets it go on.
    package func pause(_ isPaused: Bool) {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, isPaused ? SIGSTOP : SIGCONT)
    }

    /// Kills the program in half a minute, unless that is cancelled.
    private func watchdog() -> DispatchWorkItem {
        let watchdog = DispatchWorkItem { [process] in Foundation.kill(process.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 30, execute: watchdog)
        return watchdog
    }

    private func onQueue<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }

    /// Where this program lies, and the others with it.
    private static var directory: URL {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: link ?? CommandLine.arguments[0]).deletingLastPathComponent()
    }
}
