import Foundation

/// A program that writes one number a line, until it is ended with this object.
final class CountingProgram {
    private let process = Process()
    private let reader: LineReader

    init(_ words: [String]) throws {
        let output = Pipe()
        reader = LineReader(output.fileHandleForReading)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        process.terminate()
    }

    func next() throws -> Int {
        guard let number = Int(try reader.next()) else { throw Child.Gone() }
        return number
    }
}
