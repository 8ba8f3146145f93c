import Foundation

/// A client that sends just the bytes that it is told to, on one connection to a server of this machine.
///
/// ```swift
/// let status = try await LoopbackClient.run(port: server.port) { client in
///     client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
///     return try client.answer()?.status
/// }
/// ```
public struct LoopbackClient {
    /// A server's answer.
    public struct Answer: Sendable {
        public var status: Int
        /// Names in lower case.
        public var fields: [(name: String, value: String)]
        public var body: [UInt8]

        public var text: String { String(decoding: body, as: UTF8.self) }
        /// Whether it says that the connection ends.
        public var closes: Bool { fields.contains { $0 == ("connection", "close") } }
    }

    /// The server said nothing for a long time, or ended within an answer.
    public struct Silence: Error {}

    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Runs the body on a thread of its own, where it may block.
    public static func run<Success: Sendable>(
        port: Int,
        _ body: @escaping @Sendable (inout LoopbackClient) throws -> Success
    ) async throws -> Success {
        try await withCheckedThrowingContinuation { continuation in
            LoopbackThread.start {
                continuation.resume(
                    with: Result {
                        guard let descriptor = LoopbackSocket.connected(to: port) else { throw Silence() }
                        defer { LoopbackSocket.closed(descriptor) }
                        LoopbackSocket.limitWaiting(descriptor, seconds: 30)
                        var client = LoopbackClient(descriptor: descriptor)
                        return try body(&client)
                    }
                )
            }
        }
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Sends what can be sent; a server that has gone shows in the answer.
    public func send(_ text: String) {
        send(Array(text.utf8))
    }

    public func send(_ bytes: [UInt8]) {
        _ = LoopbackSocket.sent(bytes, descriptor)
    }

    /// Sends nothing more; what comes can still be read.
    public func endOutput() {
        LoopbackSocket.endedOutput(descriptor)
    }

    /// The next answer; nil if the server has closed the connection instead.
    ///
    /// An answer to `HEAD` has no body.
    public mutating func answer(isToHead: Bool = false) throws -> Answer? {
        guard try !buffer.isEmpty || receive() else { return nil }
        let lines = String(decoding: try take(through: "\r\n\r\n"), as: UTF8.self).split(separator: "\r\n")
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (name: parts[0].lowercased(), value: parts.last?.drop { $0 == " " }.lowercased() ?? "")
        }
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Silence()
        }
        var answer = Answer(status: status, fields: fields, body: [])
        guard !isToHead, status >= 200, status != 204, status != 304 else { return answer }
        if let length = fields.first(where: { $0.name == "content-length" }).flatMap({ Int($0.value) }) {
            answer.body = try take(length)
        } else if fields.contains(where: { $0 == ("transfer-encoding", "chunked") }) {
            answer.body = try take(through: "0\r\n\r\n")
        } else {
            while try receive() {}
            answer.body = try take(buffer.count)
        }
        return answer
    }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try receive() else { throw Silence() }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private mutating func take(through end: String) throws -> [UInt8] {
        let end = Array(end.utf8)
        while true {
            if let start = buffer.indices.dropLast(end.count - 1)
                .first(where: { buffer[$0...].starts(with: end) })
            {
                return try take(start + end.count)
            }
            guard try receive() else { throw Silence() }
        }
    }

    /// - Returns: false at the end of the connection.
    private mutating func receive() throws -> Bool {
        let start = ContinuousClock.now
        if let bytes = LoopbackSocket.received(descriptor) {
            buffer += bytes
            return true
        }
        guard .now - start < .seconds(29) else { throw Silence() }
        return false
    }
}
