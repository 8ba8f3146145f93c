import Foundation
package import TokenVerificationTestSupport

extension ChildProcess {
    /// The address that the program announces once it accepts requests.
    ///
    /// - Parameter announcer: the name that announces it; `nil` for the program's own.
    /// - Returns: the address, such as `http://127.0.0.1:8080`.
    /// - Throws: ``TestFailure`` if it ends, or says nothing for a minute.
    package func address(of announcer: String? = nil) async throws -> String {
        let words = "\(announcer ?? name): listening on "
        let text = try await output(until: words)
        guard let start = text.range(of: words)?.upperBound else {
            throw TestFailure("\(name) did not start")
        }
        return String(text[start...].prefix { !$0.isWhitespace })
    }
}
