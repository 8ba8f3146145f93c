import Dispatch
package import Foundation

/// A server of these examples as a process of its own.
///
/// Its pipe is read on a queue of its own, so that nothing here blocks a task. `@unchecked Sendable` because that
/// queue is serial and whatever changes after `init` is used on it.
package final class ChildProcess: @unchecked Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let process = Process()
    private let output = Pipe()
    private let queue = DispatchQueue(label: "child")
    private let name: String

    /// Starts a program that was built beside this one.
    ///
    /// - Parameters:
    ///   - name: the program's name.
    ///   - arguments: its arguments.
    ///   - environment: what is added to this process's own environment, of which nothing configures a gate.
    ///   - errors: where its standard error goes; `nil` for this process's own.
    /// - Throws: whatever keeps it from starting.
    package init(
        _ name: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        errors: FileHandle? = nil
    ) throws {
        self.name = name
        process.executableURL = Self.directory.appendingPathComponent(name)
        process.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TOKEN_GATE_") }
        process.environment = inherited.merging(environment) { _, given in given }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        if let errors { process.standardError = errors }
        try process.run()
    }

    deinit {
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    /// The address that the program announces once it accepts requests.
    ///
    /// - Throws: `Failure` if it ends, or says nothing for half a minute.
    package func address() async throws -> String {
        let watchdog = DispatchWorkItem { [process] in Foundation.kill(process.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 30, execute: watchdog)
        defer { watchdog.cancel() }
        let text = try await onQueue { [output] in
            var text = Data()
            while !text.contains(UInt8(ascii: "\n")) {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                text += more
            }
            return String(decoding: text, as: UTF8.self)
        }
        guard let address = text.split(whereSeparator: \.isWhitespace).last, address.hasPrefix("http://")
        else {
            throw Failure(description: "\(name) did not start")
        }
        return String(address)
    }

    /// Asks the program to end, and waits until it did.
    ///
    /// - Returns: its status.
    @discardableResult
    package func terminate() async throws -> Int32 {
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
