#if Hummingbird
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension Request {
    /// Whether the query has a parameter of a name, however that is written, or that of a target in one of the fields has.
    func queryNames(_ name: String, _ originalTargets: [HTTPField.Name]) -> Bool {
        if let query = uri.query, Self.query(query.utf8[...], names: name) { return true }
        return originalTargets.contains { field in
            headers[values: field].contains { target in
                let target = target.utf8.prefix { $0 != UInt8(ascii: "#") }
                guard let mark = target.firstIndex(of: UInt8(ascii: "?")) else { return false }
                return Self.query(target[mark...].dropFirst(), names: name)
            }
        }
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
