public import HTTPTransports
import HTTPTypes

extension HTTPReply {
    /// The body's members, if it is one JSON object and its content type is `application/json`, with any parameters.
    ///
    /// - Returns: the members.
    /// - Throws: ``VerificationError`` with the reason `malformedAnswer`; the detail tells a wrong content type from
    ///   a wrong body.
    public func claims() throws(VerificationError) -> Claims {
        guard isJSON else { throw VerificationError(.malformedAnswer, detail: .header("content-type")) }
        do {
            return try Claims(json: body)
        } catch {
            throw VerificationError(.malformedAnswer, detail: .notJSON)
        }
    }

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
