import CacheStoresWaiting
import HTTPTypes
import Synchronization

/// One request, checked and made ready on the caller's side, so that the thread has little left to do.
final class CurlCall: Sendable {
    let address: CurlAddress
    let method: String
    let headerList: CurlHeaderList
    let body: [UInt8]
    let maximumBodySize: Int
    let deadline: Deadline

    private let cancelled = Atomic(false)

    init(
        _ request: HTTPRequest,
        to address: CurlAddress,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) throws {
        guard request.method != .connect, request.method != .trace else {
            throw HTTPTransportError.invalidRequest("the methods CONNECT and TRACE are not supported")
        }
        guard request.method != .head || body.isEmpty else {
            throw HTTPTransportError.invalidRequest("a HEAD request has no content")
        }
        self.address = address
        method = request.method.rawValue
        headerList = try CurlHeaderList(request.headerFields, contentSize: body.count)
        self.body = body
        maximumBodySize = max(0, limits.maximumBodySize)
        deadline = Deadline(after: limits.deadline)
    }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }
}
