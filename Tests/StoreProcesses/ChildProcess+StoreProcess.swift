import Foundation
package import TokenVerificationTestSupport

extension ChildProcess {
    /// Starts another process with a store, which obeys a line at a time.
    package static func storeProcess() throws -> ChildProcess {
        try ChildProcess(
            .sibling("StoreProcess"),
            input: .lines,
            errors: .standardError,
            waitLimit: .seconds(600)
        )
    }
}
