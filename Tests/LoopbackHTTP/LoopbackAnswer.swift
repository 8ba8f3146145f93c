/// What the server does with a request, step by step; the connection is kept for the next one unless a step ends it.
public struct LoopbackAnswer: Sendable {
    public enum Step: Sendable {
        case send([UInt8])
        /// Sends the bytes again and again, until the client has gone.
        case sendForever([UInt8])
        /// Says nothing more until the client has gone.
        case stall
        /// Goes on once the gate is open.
        case wait(LoopbackGate)
        /// Closes the connection.
        case close
    }

    public var steps: [Step]

    public init(_ steps: [Step]) {
        self.steps = steps
    }

    /// A whole response with its length.
    public static func reply(
        _ status: Int = 200,
        fields: [(String, String)] = [],
        body: [UInt8] = []
    ) -> Self {
        let length = status == 204 || status == 304 ? [] : [("Content-Length", "\(body.count)")]
        return Self([.send(head(status, fields: fields + length) + body)])
    }

    /// A whole response with a body of text.
    public static func reply(_ status: Int = 200, type: String = "application/json", text: String) -> Self {
        reply(status, fields: [("Content-Type", type)], body: Array(text.utf8))
    }

    /// The bytes of a response's head, the empty line included.
    public static func head(_ status: Int, fields: [(String, String)]) -> [UInt8] {
        let lines = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) Scripted\r\n\(lines)\r\n".utf8)
    }

    /// One chunk of a body with `Transfer-Encoding: chunked`; an empty one ends the body.
    public static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
    }

    public static let stall = Self([.stall])
    public static let drop = Self([.close])
}
