import Dispatch
import Foundation

extension ChildProcess {
    /// Runs a program to its end.
    ///
    /// - Returns: what it wrote.
    /// - Throws: ``TestFailure`` if its status is not 0.
    @discardableResult
    public static func run(
        _ program: Program,
        _ arguments: [String] = [],
        input: [UInt8] = []
    ) async throws -> [UInt8] {
        let child = try ChildProcess(program, arguments, input: .lines)
        DispatchQueue.global().async {
            let source = child.input
            try? source.write(contentsOf: input)
            try? source.close()
        }
        let bytes = try await child.bytes()
        let status = try await child.status()
        guard status == 0 else { throw TestFailure("\(child.name) ended with status \(status)") }
        return bytes
    }

    /// Gives the program a line; it was started with the input ``Input/lines``.
    public func tell(_ line: String) async throws {
        try await onQueue { [input] in
            try input.write(contentsOf: Data("\(line)\n".utf8))
        }
    }

    /// Gives the program a line, and waits for its answer.
    @discardableResult
    public func ask(_ line: String) async throws -> String {
        try await tell(line)
        return try await nextLine()
    }

    /// The program's next line.
    ///
    /// - Throws: ``TestFailure`` if it ends without one.
    public func nextLine() async throws -> String {
        try await onQueue { try self.waitForLine() }
    }

    /// The program's next lines.
    public func lines(_ count: Int) async throws -> [String] {
        try await onQueue { try (0..<count).map { _ in try self.waitForLine() } }
    }

    /// Ends the program without warning.
    ///
    /// - Returns: the lines that it wrote before; text after the last line break is no line.
    public func killed() async throws -> [String] {
        kill()
        return try await output().split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// What the program has written up to the end of a line that contains some words.
    ///
    /// - Throws: ``TestFailure`` if it ends without them.
    public func output(until words: String) async throws -> String {
        try await onQueue { [self] in
            while true {
                let lines = String(decoding: text, as: UTF8.self)
                if let found = lines.range(of: words), lines[found.upperBound...].contains("\n") {
                    return lines
                }
                try readMore()
            }
        }
    }

    /// Everything that the program has still to write until it ends.
    public func output() async throws -> String {
        String(decoding: try await bytes(), as: UTF8.self)
    }

    private func bytes() async throws -> [UInt8] {
        try await onQueue { [self] in
            text += output.readDataToEndOfFile()
            return [UInt8](text)
        }
    }

    /// Blocks until the next line is there: on the queue, or on a thread that alone reads this program.
    package func waitForLine() throws -> String {
        while true {
            if let end = text.firstIndex(of: UInt8(ascii: "\n")) {
                defer { text = Data(text[(end + 1)...]) }
                return String(decoding: text[..<end], as: UTF8.self)
            }
            try readMore()
        }
    }

    private func readMore() throws {
        let more = output.availableData
        guard !more.isEmpty else { throw TestFailure("\(name) has ended, or was too slow") }
        text += more
    }
}
