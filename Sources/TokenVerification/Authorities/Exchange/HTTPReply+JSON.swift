import HTTPTransports
import HTTPTypes

extension HTTPReply {
    /// The body's members, if it is a JSON object that says so of itself.
    func claims() throws(VerificationError) -> Claims {
        guard isJSON, let claims = try? JSONParser.claims(of: body) else {
            throw VerificationError(.malformedAnswer)
        }
        return claims
    }

    /// Whether the content type is `application/json`, with any parameters.
    private var isJSON: Bool {
        let fields = head.headerFields[values: .contentType]
        guard fields.count == 1, let field = fields.first else { return false }
        if field == "application/json" { return true }
        let type = field.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 0x09 }
        return type.elementsEqual("application/json".utf8) { given, wanted in
            given == wanted || (given ^ wanted == 0x20 && (0x61...0x7A).contains(wanted))
        }
    }
}
