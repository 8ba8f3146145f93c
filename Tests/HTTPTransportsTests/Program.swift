import Foundation

/// Runs programs of the system to their end.
enum Program {
    struct Failure: Error {
        var name: String
        var status: Int32
    }

    /// What the program wrote to its standard output.
    static func run(_ name: String, _ arguments: [String], input: [UInt8] = []) async throws -> [UInt8] {
        try await onThread { try blockingRun(name, arguments, input: input) }
    }

    /// Waits for blocking work without keeping a thread of the pool from the tests that run at the same time.
    static func onThread<Success: Sendable>(
        _ work: @escaping @Sendable () throws -> Success
    ) async throws -> Success {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try work() }) }.start()
        }
    }

    private static func blockingRun(_ name: String, _ arguments: [String], input: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let source = Pipe()
        let sink = Pipe()
        process.standardInput = source
        process.standardOutput = sink
        process.standardError = FileHandle.nullDevice
        try process.run()
        Thread {
            try? source.fileHandleForWriting.write(contentsOf: Data(input))
            try? source.fileHandleForWriting.close()
        }.start()
        let output = try sink.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(name: name, status: process.terminationStatus)
        }
        return [UInt8](output)
    }
}
