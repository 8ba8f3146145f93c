import HTTPTypes

extension HTTPFields {
    /// The fields of the last head among the lines.
    ///
    /// A line that is no field is left out: a careless server must not take a login down. libcurl, however, takes a
    /// head that was cut off for a response without content, and a missing field can change what the answer means.
    init(responseLines lines: [UInt8]) throws {
        self.init()
        var isComplete = false
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            let line = line.trimmingWhitespace()
            if line.starts(with: "HTTP/".utf8) {
                // Interim responses (1xx) come before the head that counts.
                self = HTTPFields()
                isComplete = false
            } else if line.isEmpty {
                isComplete = true
            } else if !isComplete, let field = HTTPField(responseLine: line) {
                append(field)
            }
        }
        guard isComplete else {
            throw HTTPTransportError(.connectionFailed, "the response ended within its head")
        }
    }
}

extension HTTPField {
    fileprivate init?(responseLine line: ArraySlice<UInt8>) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = Name(String(decoding: line[..<colon], as: UTF8.self))
        else { return nil }
        self.init(name: name, value: line[(colon + 1)...].trimmingWhitespace())
    }
}

extension ArraySlice<UInt8> {
    fileprivate func trimmingWhitespace() -> Self {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) })
        else {
            return []
        }
        return self[first...last]
    }
}
