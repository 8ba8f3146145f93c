import Foundation
import TokenVerificationTestSupport

/// Measures what was asked for on the command line.
///
///     benchmarks rows RESULTS [WORDS]    the table, or the rows whose names hold the words
///     benchmarks names - [WORDS]         which rows those are
///     benchmarks peers RESULTS PYTHON SCRIPT
///     benchmarks growth RESULTS PYTHON SCRIPT
///     benchmarks probe NAME …            a part of a row, in a process of its own
@main
enum Main {
    /// Measures on other threads; this one only waits to be interrupted, so as to leave no server behind.
    ///
    /// No server works on the main thread, and valgrind dies of what it does for an asynchronous `main`.
    static func main() {
        // A write to a program that has ended throws an error, and does not end this process.
        signal(SIGPIPE, SIG_IGN)
        var interruptions = sigset_t()
        sigemptyset(&interruptions)
        sigaddset(&interruptions, SIGINT)
        sigaddset(&interruptions, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &interruptions, nil)
        // Ended by the end of the process.
        Task.detached {
            do {
                exit(try await run(Array(CommandLine.arguments.dropFirst())) ? 0 : 1)
            } catch {
                FileHandle.standardError.write(Data("error: \(error)\n".utf8))
                exit(2)
            }
        }
        var interruption: Int32 = 0
        sigwait(&interruptions, &interruption)
        ChildProcess.killAll()
        exit(128 + interruption)
    }

    /// - Returns: whether every target was met.
    private static func run(_ arguments: [String]) async throws -> Bool {
        let rest = Array(arguments.dropFirst(2))
        switch (arguments.first, arguments.dropFirst().first) {
        case ("rows", let results?):
            return try await Report(of: Rows.all, contenders: ["ours", "floor"], in: results)
                .run(matching: rest.joined(separator: " "))
        case ("names", _?):
            let report = Report(of: Rows.all, contenders: [], in: "")
            for name in report.names(matching: rest.joined(separator: " ")) { print(name) }
            return true
        case ("peers", let results?):
            let rows = PeerRows(command: rest).all
            return try await Report(of: rows, contenders: ["ours", "peer", "floor"], in: results).run()
        case ("growth", let results?):
            try await Growth(rest).run(into: results)
            return true
        case ("probe", let name?):
            guard let probe = Probe(rawValue: name) else { break }
            try await probe.run(rest)
            return true
        default: break
        }
        throw BenchmarkError(
            "usage: benchmarks rows RESULTS [WORDS]; .ci/bench and its neighbours know the rest"
        )
    }
}
