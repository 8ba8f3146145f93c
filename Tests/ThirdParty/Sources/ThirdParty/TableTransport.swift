public import HTTPTransports
public import HTTPTypes

/// A transport of a third party, which carries nothing anywhere: a table has the replies.
public struct TableTransport: HTTPTransport {
    private let reply: @Sendable (HTTPRequest) throws -> HTTPReply

    public init(_ reply: @escaping @Sendable (HTTPRequest) throws -> HTTPReply) {
        self.reply = reply
    }

    public func response(
        to request: HTTPRequest,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) async throws -> HTTPReply {
        try Task.checkCancellation()
        let reply = try reply(request)
        guard reply.body.count <= limits.maximumBodySize else {
            throw HTTPTransportError(code: .bodyTooLarge, message: "\(reply.body.count) bytes")
        }
        return reply
    }

    public func shutdown() async {}
}
