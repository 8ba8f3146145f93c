/// Writes JSON.
enum JSONWriter {
    static func object(_ members: KeyValuePairs<String, String>) -> [UInt8] {
        let text = members.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",")
        return Array("{\(text)}".utf8)
    }

    static func text(_ value: ClaimValue) -> String {
        switch value {
        case .null: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return "\(value)"
        // A number beyond all doubles stays beyond them.
        case .number(let value): return value.isFinite ? "\(value)" : value < 0 ? "-1e999" : "1e999"
        case .largeInteger(let digits): return digits
        case .string(let text): return quoted(text)
        case .array(let elements): return "[\(elements.map(text).joined(separator: ","))]"
        case .object(let members):
            let sorted = members.sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
            return "{\(sorted.map { "\(quoted($0.key.text)):\(text($0.value))" }.joined(separator: ","))}"
        }
    }

    static func array(_ texts: [String]) -> String {
        "[\(texts.map(quoted).joined(separator: ","))]"
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result.unicodeScalars.append("\\")
                result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
