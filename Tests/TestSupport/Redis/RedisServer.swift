import Foundation
import Synchronization

/// A real redis-server of one test, on a port of the loopback interface and on a socket; it ends with this object.
///
/// `--cluster-enabled yes` makes a cluster node. `--sentinel` makes a Sentinel; it rewrites its configuration file, so
/// the text of that file says what to watch.
public final class RedisServer: Sendable {
    public let port: Int
    private let directory: TemporaryDirectory
    private let arguments: [String]
    private let process: Mutex<ChildProcess>

    public var address: String { "redis://127.0.0.1:\(port)" }
    package var socketPath: String { directory.path(of: "s") }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - options: options of the command line, besides those for port, socket and persistence.
    ///   - port: where it listens; `nil` for a free port.
    ///   - configuration: the text of a configuration file, read before the options.
    /// - Throws: ``TestFailure`` if no server starts.
    public init(_ options: String..., port: Int? = nil, configuration: String? = nil) async throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        let file = try configuration.map { try directory.write($0, to: "redis.conf") }
        // Below the ephemeral ports. The port may be taken all the same, hence the attempts.
        var candidates = port.map { [$0] } ?? (0..<10).map { _ in .random(in: 10_000..<32_000) }
        while true {
            let port = candidates.removeLast()
            let common = [
                "--port", String(port), "--bind", "127.0.0.1", "--unixsocket", directory.path(of: "s"),
                "--dir", directory.path, "--save", "", "--appendonly", "no",
                "--enable-debug-command", "yes", "--logfile", "/dev/null",
            ]
            let arguments = (file.map { [$0] } ?? []) + common + options
            do {
                process = Mutex(try await Self.started(arguments, port))
                self.arguments = arguments
                self.port = port
                return
            } catch {
                guard candidates.isEmpty else { continue }
                throw error
            }
        }
    }

    /// Starts the server without data, and waits until it answers.
    package func start() async throws {
        let new = try await Self.started(arguments, port)
        process.withLock { $0 = new }
    }

    private static func started(_ arguments: [String], _ port: Int) async throws -> ChildProcess {
        let process = try ChildProcess(.installed("redis-server"), arguments)
        let identity = "process_id:\(process.identifier)\r"
        try await eventually("redis-server answers (apt-get install redis-server)", within: .seconds(20)) {
            guard process.isRunning else { return true }
            return try await run(["INFO", "server"], port).contains(identity)
        }
        guard process.isRunning else { throw TestFailure("redis-server has ended: is port \(port) taken?") }
        return process
    }

    /// Kills the server (`SIGKILL`).
    public func kill() {
        process.withLock { $0 }.kill()
    }

    /// Stops the server's process (`SIGSTOP`), or continues it.
    public func pause(_ isPaused: Bool) {
        process.withLock { $0 }.pause(isPaused)
    }

    /// Sends the server a command by redis-cli, over a connection of its own.
    @discardableResult
    public func run(_ arguments: String...) async throws -> String {
        try await run(arguments)
    }

    @discardableResult
    public func run(_ arguments: [String]) async throws -> String {
        try await Self.run(arguments, port)
    }

    private static func run(_ arguments: [String], _ port: Int) async throws -> String {
        try await ChildProcess(.installed("redis-cli"), ["-p", String(port)] + arguments).output()
    }
}
