import Foundation

/// A real redis-server of one test's own, on a free port of the loopback interface and on a socket.
///
/// `@unchecked Sendable`: the process is only started, signalled and waited for, each of which Foundation allows on
/// any thread; the test that owns it does so one after the other.
final class RedisServer: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var port = 0
    private let directory: URL
    private let options: [String]
    private var process = Process()

    var address: String { "redis://127.0.0.1:\(port)" }
    var socketPath: String { directory.appendingPathComponent("s").path }

    init(_ options: String...) async throws {
        self.options = options
        directory = URL(fileURLWithPath: "/tmp/redis-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        for attempt in 1...10 {
            // Below the ports that the system gives to clients; somebody may listen there all the same.
            port = .random(in: 10_000..<32_000)
            do {
                try await start()
                return
            } catch {
                guard attempt < 10 else { throw error }
            }
        }
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: directory)
    }

    /// Starts the server, empty, and returns when it answers.
    func start() async throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "redis-server", "--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
                "no",
                "--dir", directory.path, "--unixsocket", socketPath, "--enable-debug-command", "yes",
                "--loglevel",
                "warning",
            ] + options
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<500 {
            let identity = "process_id:\(process.processIdentifier)\r"
            if (try? await run("INFO", "server"))?.contains(identity) == true { return }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failure(
            description: "redis-server does not start: is it installed? (apt-get install redis-server)"
        )
    }

    /// Ends the server without warning.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Stops the server's process, or lets it go on.
    func pause(_ isPaused: Bool) {
        Foundation.kill(process.processIdentifier, isPaused ? SIGSTOP : SIGCONT)
    }

    /// Gives the server a command by redis-cli, as somebody else would.
    @discardableResult
    func run(_ arguments: String...) async throws -> String {
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        client.arguments = ["redis-cli", "-p", String(port)] + arguments
        let output = Pipe()
        client.standardOutput = output
        client.standardError = FileHandle.nullDevice
        try client.run()
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = output.fileHandleForReading.readDataToEndOfFile()
                client.waitUntilExit()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}
