public import HTTPTypes

/// A server's whole answer: the response's head and its body.
public struct HTTPReply: Sendable {
    /// The status and the header fields as they were sent: `Content-Encoding` and `Content-Length`, if there are any,
    /// speak of the content before it was decoded.
    public var head: HTTPResponse
    /// The content, with any content coding removed.
    public var body: [UInt8]

    /// Makes a reply, for a transport of your own.
    ///
    /// - Parameters:
    ///   - head: the status and the header fields as they were sent.
    ///   - body: the content, with any content coding removed.
    public init(head: HTTPResponse, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}
