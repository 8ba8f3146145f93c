/// The coding of forms, `application/x-www-form-urlencoded`.
package enum FormEncoding {
    /// Encodes a name or a value.
    ///
    /// A space becomes `%20`, not `+`: RFC 6749 appendix B allows only `+`, but servers differ on that and all that
    /// were tried accept `%20`.
    package static func encode(_ text: String) -> String {
        var result: [UInt8] = []
        append(text, to: &result)
        return String(decoding: result, as: UTF8.self)
    }

    /// A form's fields, in the order given.
    ///
    /// - Parameters:
    ///   - fields: the fields' names and values.
    ///   - end: further fields, encoded.
    /// - Returns: the form.
    package static func body(
        _ fields: [(name: String, value: String)],
        followedBy end: [UInt8] = []
    ) -> [UInt8] {
        var body: [UInt8] = []
        let size = fields.reduce(end.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 2 }
        body.reserveCapacity(size)
        for (name, value) in fields {
            if !body.isEmpty { body.append(UInt8(ascii: "&")) }
            append(name, to: &body)
            body.append(UInt8(ascii: "="))
            append(value, to: &body)
        }
        if !body.isEmpty, !end.isEmpty { body.append(UInt8(ascii: "&")) }
        body += end
        return body
    }

    private static func append(_ text: String, to result: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &result) }
    }

    private static func append(_ bytes: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
        guard !bytes.allSatisfy(isUnreserved) else {
            result.append(contentsOf: bytes)
            return
        }
        for byte in bytes {
            if isUnreserved(byte) {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(digit(byte >> 4))
                result.append(digit(byte & 15))
            }
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
