import Foundation

/// Reads what another process writes, a line at a time.
final class LineReader {
    private let handle: FileHandle
    private var buffer = Data()

    init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// Waits for the next line.
    func next() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer = Data(buffer[(end + 1)...])
                return line
            }
            let more = handle.availableData
            guard !more.isEmpty else { throw Child.Gone() }
            buffer += more
        }
    }

    /// Waits for the end, and gives all lines up to there; text after the last line break is not a line.
    func rest() -> [String] {
        buffer += handle.readDataToEndOfFile()
        let text = String(decoding: buffer, as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
