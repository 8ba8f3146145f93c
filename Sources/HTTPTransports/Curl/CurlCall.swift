import HTTPTypes
import Synchronization

/// One request, checked and made ready on the caller's side, so that the thread has little left to do.
final class CurlCall: Sendable {
    let url: String
    let isEncrypted: Bool
    let isLoopback: Bool
    let method: String
    let headerList: CurlHeaderList
    let body: [UInt8]
    let maximumBodySize: Int
    let deadline: ContinuousClock.Instant

    private let cancelled = Atomic(false)

    init(_ request: HTTPRequest, body: [UInt8], limits: HTTPExchangeLimits) throws {
        guard let scheme = request.scheme, let authority = request.authority, let path = request.path else {
            throw HTTPTransportError.invalidRequest("the request needs a scheme, an authority and a path")
        }
        guard request.method != .connect, request.method != .trace else {
            throw HTTPTransportError.invalidRequest("the methods CONNECT and TRACE are not supported")
        }
        guard request.method != .head || body.isEmpty else {
            throw HTTPTransportError.invalidRequest("a HEAD request has no content")
        }
        let endpoint = try HTTPEndpoint("\(scheme)://\(authority)\(path)")
        url = endpoint.canonical
        isEncrypted = endpoint.scheme == "https"
        isLoopback = endpoint.isLoopback
        method = request.method.rawValue
        headerList = try CurlHeaderList(request.headerFields)
        self.body = body
        maximumBodySize = max(0, limits.maximumBodySize)
        // A year is as good as for ever, and can't overflow.
        deadline = .now + min(max(limits.deadline, .zero), .seconds(365 * 86_400))
    }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }
}
