import ArgumentParser
import Dispatch
import FleetChaos
import Foundation

/// Breaks a fleet under load for a while, and judges every answer.
@main struct ChaosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Break a fleet under load for a while, and judge every answer.",
        discussion: """
            Three TokenGates, a Redis and an authorization server are killed, stopped and cut off from each other, and \
            an issuer of signed tokens changes its keys. No refused, expired, revoked or forgotten token may be accepted beyond its bound, no valid one refused, and \
            every request has to be answered in time. Status 1, and the history, if that does not hold.
            """
    )

    @Option(help: "Which faults there are, and who asks about what.")
    var seed: UInt64 = .random(in: 1...9999)

    @Option(help: "How long it goes on.")
    var seconds = 60

    func validate() throws {
        guard (1...3600).contains(seconds) else { throw ValidationError("--seconds: 1 to 3600 are possible") }
    }

    func run() async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("chaos-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        print(
            "seed \(seed), \(seconds) s, \(Pace(seed: seed)): three gates, a Redis, an authorization server, an issuer"
        )
        let run = Task { [seed, seconds] in
            try await ChaosRun(seed: seed, duration: .seconds(seconds), in: directory).run()
        }
        // An interrupted run leaves no server behind.
        let interruptions = [SIGINT, SIGTERM].map { number in
            signal(number) { _ in }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { run.cancel() }
            source.resume()
            return source
        }
        let outcome = try await run.value
        for source in interruptions { source.cancel() }
        guard !run.isCancelled else {
            try? FileManager.default.removeItem(at: directory)
            print("interrupted; the servers have ended")
            throw ExitCode(130)
        }
        for (name, count) in outcome.counts.sorted(by: { $0.key < $1.key }) { print("  \(count)  \(name)") }
        if let resources = outcome.resources { print(resources) }
        guard outcome.objections == 0 else {
            print(outcome.history)
            print("\(outcome.objections) answers were wrong; repeat it by SEED=\(seed) SECONDS=\(seconds)")
            print("what the servers wrote is in \(directory.path)")
            throw ExitCode.failure
        }
        try FileManager.default.removeItem(at: directory)
        print("every answer was as it should be")
    }
}
