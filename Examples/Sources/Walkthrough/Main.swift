import ExampleFleet
import Foundation
import TokenVerificationTestSupport

/// Walks through TokenGate's main job with real processes and real requests: one node with a file, or `fleet`.
///
/// Status 0 only if every step came out as it says. Times are shown, never judged.
@main enum Main {
    static func main() async {
        do {
            exit(try await run() ? 0 : 1)
        } catch {
            print("no temporary directory can be made: \(error)")
            exit(1)
        }
    }

    private static func run() async throws -> Bool {
        let directory = try TemporaryDirectory()
        let log = try directory.open("errors.log")
        let report = Report()
        do {
            if CommandLine.arguments.dropFirst() == ["fleet"] {
                try await FleetWalkthrough(report: report, log: log).run()
            } else {
                try await Walkthrough(in: directory, report: report, log: log).run()
            }
        } catch {
            report.fail("it could not go on: \(error)")
        }
        if !report.succeeded { report.show(log: directory.text(of: "errors.log")) }
        return report.succeeded
    }
}
