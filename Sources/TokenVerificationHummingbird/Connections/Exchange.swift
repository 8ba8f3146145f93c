#if Hummingbird
import NIOHTTP1

/// A request, as far as it matters for the connection.
struct Exchange {
    var isHead = false
    /// Whether it came by HTTP/1.0.
    var isOld = false
    /// Whether the answer has a body, as far as is known.
    var hasBody = true
    /// Whether no request is taken after it.
    var isLast = true

    /// What is answered to bytes that are no request.
    static let malformed = Exchange()

    private init() {}

    init(_ head: HTTPRequestHead) {
        isHead = head.method == .HEAD
        isOld = head.version == .http1_0
        // The decoder stops at an upgrade, whether it is wanted or not. It has its own way of reading `Connection`, so the
        // field `Upgrade` alone counts here.
        isLast =
            isOld || !head.isKeepAlive || head.method == .CONNECT || head.headers.contains(name: "Upgrade")
    }

    static func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        head.version != .http1_0
            && head.headers[canonicalForm: "Expect"].contains { $0.lowercased() == "100-continue" }
    }

    /// Whether the connection can't go on after an answer to this request.
    func mustClose(after answer: HTTPResponseHead) -> Bool {
        if isLast
            || answer.headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "close" })
        {
            return true
        }
        // NIO would end a body that is not there by an empty chunk.
        return isHead && answer.status.mayHaveResponseBody && !answer.headers.contains(name: "Content-Length")
    }
}

extension Exchange {
    /// The body of a request that is still to come.
    struct Body {
        /// nil if only its end will tell.
        private var rest: Int?

        init(_ head: HTTPRequestHead) {
            let isChunked = head.headers.contains(name: "Transfer-Encoding")
            let length = head.headers.first(name: "Content-Length")
            // The decoder takes up to 64 bits, more than an `Int` has.
            rest = isChunked ? nil : length.map { Int($0) ?? .max } ?? 0
        }

        mutating func receive(_ count: Int) {
            rest = rest.map { $0 - count }
        }

        func isLonger(than limit: Int) -> Bool {
            rest.map { $0 > limit } ?? true
        }
    }
}
#endif
