#if Hummingbird
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension Request {
    /// Whether the query has a parameter of a name, however that is written, or that of a target in one of the fields has.
    func queryNames(_ name: String, _ originalTargets: [HTTPField.Name]) -> Bool {
        Self.target(uri.string, names: name)
            || originalTargets.contains { field in
                headers[values: field].contains { Self.target($0, names: name) }
            }
    }

    /// What is behind a `#` counts too: it has no place in a target (RFC 9112 §3.2), and another server may read on.
    private static func target(_ target: String, names name: String) -> Bool {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return false }
        return query(target.utf8[mark...].dropFirst(), names: name)
    }

    /// Byte by byte: as a `Character`, `=` with a combining mark behind it is another one.
    private static func query(_ query: Substring.UTF8View, names name: String) -> Bool {
        query.split(separator: UInt8(ascii: "&")).contains { parameter in
            let written = String(Substring(parameter.prefix { $0 != UInt8(ascii: "=") }))
            return (written.removingPercentEncoding ?? written).utf8.elementsEqual(name.utf8)
        }
    }
}
#endif
