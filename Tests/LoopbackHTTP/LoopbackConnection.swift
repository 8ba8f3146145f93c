/// Serves the requests of one connection, one after the other, on a thread of its own.
struct LoopbackConnection {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next request, or nil when the client has gone or sent what this server doesn't understand.
    mutating func nextRequest() -> LoopbackRequest? {
        guard let head = take(through: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
        let length = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard length >= 0, let body = take(length) else { return nil }
        return LoopbackRequest(method: String(words[0]), target: String(words[1]), fields: fields, body: body)
    }

    /// - Returns: whether the connection can serve another request.
    mutating func perform(_ answer: LoopbackAnswer) -> Bool {
        for step in answer.steps {
            switch step {
            case .send(let bytes):
                guard LoopbackSocket.sent(bytes, descriptor) else { return false }
            case .sendForever(let bytes):
                while LoopbackSocket.sent(bytes, descriptor) {}
                return false
            case .stall:
                while LoopbackSocket.received(descriptor) != nil {}
                return false
            case .wait(let gate):
                gate.wait()
            case .close:
                return false
            }
        }
        return true
    }

    private mutating func take(_ count: Int) -> [UInt8]? {
        while buffer.count < count {
            guard let more = LoopbackSocket.received(descriptor) else { return nil }
            buffer += more
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private mutating func take(through end: [UInt8]) -> [UInt8]? {
        while true {
            let starts = buffer.indices.dropLast(end.count - 1)
            if let start = starts.first(where: { buffer[$0...].starts(with: end) }) {
                return take(start + end.count)
            }
            guard let more = LoopbackSocket.received(descriptor) else { return nil }
            buffer += more
        }
    }
}
