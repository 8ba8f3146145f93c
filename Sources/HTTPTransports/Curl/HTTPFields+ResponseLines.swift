import HTTPTypes

extension HTTPFields {
    /// The fields of the last head among the lines.
    ///
    /// A line that is no field is left out: a careless server must not take a login down.
    init(responseLines lines: [UInt8]) {
        self.init()
        var isTrailer = false
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            let line = line.trimmingWhitespace()
            if line.starts(with: "HTTP/".utf8) {
                // Interim responses (1xx) come before the head that counts.
                self = HTTPFields()
                isTrailer = false
            } else if line.isEmpty {
                isTrailer = true
            } else if !isTrailer, let field = HTTPField(responseLine: line) {
                append(field)
            }
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
