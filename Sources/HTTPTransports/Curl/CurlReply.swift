import HTTPTypes

/// A response as libcurl delivered it; the caller's task takes it apart, not the thread.
struct CurlReply: Sendable {
    var status = 0
    /// Every line of every head: interim responses, the final one, trailers.
    var headerLines: [UInt8] = []
    var body: [UInt8] = []
}

extension HTTPReply {
    init(_ raw: CurlReply) throws {
        guard 100...999 ~= raw.status else {
            throw HTTPTransportError(.protocolViolation, "the response has no valid status")
        }
        let fields = try HTTPFields(responseLines: raw.headerLines)
        self.init(head: HTTPResponse(status: .init(code: raw.status), headerFields: fields), body: raw.body)
    }
}
