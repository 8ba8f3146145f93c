import Foundation

/// The id and the secret of a client, as HTTP Basic has them (RFC 6749 §2.3.1).
struct ClientCredentials: Sendable {
    let id: String
    private let authorization: String

    init(id: String, secret: String) {
        self.id = id
        // What a form leaves as it is (RFC 6749 appendix B).
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        let pair = [id, secret].map { $0.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "" }
        authorization = "Basic " + Data(pair.joined(separator: ":").utf8).base64EncodedString()
    }

    func arePresented(in authorization: String?) -> Bool {
        authorization.map { $0.utf8.elementsEqual(self.authorization.utf8) } ?? false
    }
}
