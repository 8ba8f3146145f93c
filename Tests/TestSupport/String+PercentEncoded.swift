import Foundation

extension String {
    /// The text as a value in a form or in credentials: every character but letters and digits is percent-encoded.
    public var percentEncoded: String { addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
}
