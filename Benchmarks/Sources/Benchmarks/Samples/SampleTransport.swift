import HTTPTransports
import HTTPTypes
import Synchronization

/// Plays the authority without a network: answers every question at once, and counts them.
final class SampleTransport: HTTPTransport {
    private let asked = Atomic(0)

    var questions: Int { asked.load(ordering: .relaxed) }

    func response(
        to request: HTTPRequest,
        body: [UInt8],
        limits: HTTPExchangeLimits
    ) async throws -> HTTPReply {
        asked.add(1, ordering: .relaxed)
        let head = HTTPResponse(status: .ok, headerFields: [.contentType: "application/json"])
        return HTTPReply(head: head, body: Array(SampleAnswer.json.utf8))
    }

    func shutdown() async {}
}
