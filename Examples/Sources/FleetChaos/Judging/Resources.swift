import Foundation

/// What a process uses of the machine, as Linux tells it.
struct Resources: CustomStringConvertible {
    /// In megabytes.
    let memory: Int
    let descriptors: Int
    let threads: Int

    /// `nil` if there is no such process, or no `/proc`.
    init?(of process: pid_t) {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
        else { return nil }
        func number(_ name: String) -> Int? {
            status.split(separator: "\n").first { $0.hasPrefix(name + ":") }?
                .split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        }
        guard let memory = number("VmRSS"), let threads = number("Threads") else { return nil }
        self.memory = memory / 1024
        self.descriptors = descriptors.count
        self.threads = threads
    }

    /// Whether a process has more than it needs for what it did before: it leaks.
    func hasGrown(since early: Resources) -> Bool {
        memory > early.memory + early.memory / 2 + 16 || descriptors > early.descriptors + 16
            || threads > early.threads + 4
    }

    var description: String { "\(memory) MB, \(descriptors) descriptors, \(threads) threads" }
}
