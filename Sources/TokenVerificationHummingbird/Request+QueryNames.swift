#if Hummingbird
import Foundation
import Hummingbird
import HummingbirdCore

extension Request {
    /// Whether the query has a parameter of a name, however that is written.
    func queryNames(_ name: String) -> Bool {
        guard let query = uri.query else { return false }
        return query.split(separator: "&").contains { parameter in
            let written = parameter.prefix { $0 != "=" }
            return (written.removingPercentEncoding ?? String(written)) == name
        }
    }
}
#endif
