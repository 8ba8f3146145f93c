import ExampleFleet
import Foundation

/// Walks through TokenGate's main job with real processes and real requests: one node with a file, or `fleet`.
///
/// Status 0 only if every step came out as it says. Times are shown, never judged.
@main enum Main {
    static func main() async {
        do {
            let directory = try TemporaryDirectory()
            let log = try directory.file("errors.log")
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
            directory.remove()
            exit(report.succeeded ? 0 : 1)
        } catch {
            print("no temporary directory can be made: \(error)")
            exit(1)
        }
    }
}
