import Foundation
import TokenVerificationTestSupport

/// A program that runs beside the benchmark: a server, a load, or the benchmark itself once more.
extension ChildProcess {
    /// How long any program may run, in seconds; `timeout` ends it then, even if the benchmark was killed.
    private static let limit = 1200

    /// Starts a program, given its name or its path.
    convenience init(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        try self.init(
            .installed("timeout"),
            ["--kill-after=2", String(Self.limit), name] + arguments,
            environment: environment,
            input: .lines,
            waitLimit: .seconds(Self.limit)
        )
    }

    /// Starts the benchmark itself once more, with a fresh heap.
    convenience init(_ probe: Probe, _ arguments: [String]) throws {
        // By the name that it was started by: under valgrind the system knows it by another.
        try self.init(CommandLine.arguments[0], ["probe", probe.rawValue] + arguments)
    }

    /// Runs a program to its end, and gives what it wrote.
    static func output(of name: String, _ arguments: [String]) async throws -> String {
        try await ChildProcess(name, arguments).wholeOutput()
    }

    /// The figure that a probe finds.
    static func figure(of probe: Probe) async throws -> Double {
        try await ChildProcess(probe, []).figure()
    }

    /// The processor time that the program has taken so far, for itself and in the system, in nanoseconds.
    func processorTime() throws -> Double {
        // What was started is `timeout`, of which the program is the only child.
        let children = "/proc/\(identifier)/task/\(identifier)/children"
        let child = try String(contentsOfFile: children, encoding: .utf8).filter(\.isNumber)
        let text = try String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
        // The program's name is in parentheses, and may hold spaces.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let own = Double(fields[11]), let system = Double(fields[12]) else {
            throw BenchmarkError("/proc/\(child)/stat says: \(text)")
        }
        return (own + system) / Double(sysconf(Int32(_SC_CLK_TCK))) * 1e9
    }

    /// The figure that a probe ends with.
    func figure() async throws -> Double {
        let text = try await wholeOutput()
        guard let figure = Double(text.filter { !$0.isWhitespace }) else {
            throw BenchmarkError("a probe said: \(text)")
        }
        return figure
    }

    /// Waits for the program's end; gives all that it wrote, and throws if it failed.
    private func wholeOutput() async throws -> String {
        let text = try await output()
        guard try await status() == 0 else { throw BenchmarkError("\(name) failed: \(text.suffix(500))") }
        return text
    }
}
