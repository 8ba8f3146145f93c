import ExampleFleet
import HTTPTransports
import HTTPTypes

extension HTTPReply {
    /// The status, and whose token it is or what is wrong with it.
    var answer: String {
        let challenge = self["WWW-Authenticate"] ?? ""
        let error = challenge.firstMatch(of: /error="([a-z_]+)"/).map { String($0.1) }
        let words = [String(head.status.code), self["X-Token-Subject"] ?? error]
        return words.compactMap { $0 }.joined(separator: " ")
    }

    /// Where the answer comes from; a refusal is never kept, so it comes from the authority.
    func origin(storeName: String) -> String {
        switch (head.status.code, source) {
        case (_, "hit"?): storeName
        case (_, "shared"?): "a question under way"
        case (503, _): "no answer"
        default: "the authority"
        }
    }
}
