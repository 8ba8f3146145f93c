import Foundation

/// A real redis-server of one test, on a free port of the loopback interface and on a socket.
///
/// `--cluster-enabled yes` makes a cluster node. `--sentinel` makes a Sentinel; it rewrites its configuration file, so
/// the text of that file says what to watch.
///
/// `@unchecked Sendable`: the process is only started, signalled and waited for, which Foundation allows on any thread;
/// the test that owns it does these one after the other.
package final class RedisServer: @unchecked Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    package private(set) var port = 0
    private let directory: URL
    private let options: (first: [String], last: [String])
    private var process = Process()

    package var address: String { "redis://127.0.0.1:\(port)" }
    package var socketPath: String { directory.appendingPathComponent("s").path }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - options: options of the command line, besides those for port, socket and persistence.
    ///   - configuration: the text of a configuration file, read before the options.
    /// - Throws: ``Failure`` if no server starts.
    package init(_ options: String..., configuration: String? = nil) async throws {
        directory = URL(fileURLWithPath: "/tmp/redis-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        let file = directory.appendingPathComponent("redis.conf")
        if let configuration { try Data(configuration.utf8).write(to: file) }
        self.options = (configuration == nil ? [] : [file.path], options)
        for attempt in 1...10 {
            // Below the ephemeral ports. The port may be taken all the same, hence the attempts.
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

    /// Starts the server without data, and waits until it answers.
    package func start() async throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let common = [
            "--port", String(port), "--bind", "127.0.0.1", "--unixsocket", socketPath,
            "--dir", directory.path, "--save", "", "--appendonly", "no",
            "--enable-debug-command", "yes", "--loglevel", "warning",
        ]
        process.arguments = ["redis-server"] + options.first + common + options.last
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<500 {
            let identity = "process_id:\(process.processIdentifier)\r"
            if (try? await run("INFO", "server"))?.contains(identity) == true { return }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        kill()
        throw Failure(
            description: "redis-server does not start: is it installed? (apt-get install redis-server)"
        )
    }

    /// Kills the server (`SIGKILL`).
    package func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Stops the server's process (`SIGSTOP`), or continues it.
    package func pause(_ isPaused: Bool) {
        Foundation.kill(process.processIdentifier, isPaused ? SIGSTOP : SIGCONT)
    }

    /// Sends the server a command by redis-cli, over a connection of its own.
    @discardableResult
    package func run(_ arguments: String...) async throws -> String {
        try await run(arguments)
    }

    @discardableResult
    package func run(_ arguments: [String]) async throws -> String {
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        client.arguments = ["redis-cli", "-p", String(port)] + arguments
        // Into a file: a pipe has no end while another child process, started meanwhile, has inherited it.
        let output = directory.appendingPathComponent("output-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: output.path, contents: nil) else {
            throw Failure(description: "the file \(output.path) can't be created")
        }
        defer { try? FileManager.default.removeItem(at: output) }
        client.standardOutput = try FileHandle(forWritingTo: output)
        client.standardError = FileHandle.nullDevice
        try client.run()
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                client.waitUntilExit()
                continuation.resume()
            }
        }
        return String(decoding: try Data(contentsOf: output), as: UTF8.self)
    }
}
