/// Writes the JSON that is ever sent: texts, lists of texts and objects of texts.
enum JSONWriter {
    static func object(_ members: KeyValuePairs<String, String>) -> [UInt8] {
        let text = members.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",")
        return Array("{\(text)}".utf8)
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
