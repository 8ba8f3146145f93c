import Foundation

extension String {
    /// The text as a value in a form or in credentials: every character but letters, digits and `-._~` is
    /// percent-encoded.
    public var percentEncoded: String {
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        return addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
