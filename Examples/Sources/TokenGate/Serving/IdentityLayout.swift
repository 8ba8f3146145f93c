package import HTTPTypes
package import TokenVerification

/// Which header fields tell an app whose token was accepted, and what each of them holds.
package struct IdentityLayout: Sendable {
    /// What a field holds.
    package enum Content: Sendable {
        case subject, clientID, scopes
        /// Where the answer came from.
        case source
        /// A claim: its name, or the names of a member and the members in it, with dots between them.
        case claim(String)
    }

    private let fields: [(name: HTTPField.Name, content: Content)]

    /// The fields that a gate sends unless it is told otherwise.
    package static let standard = IdentityLayout(
        checked: [
            ("X-Token-Subject", .subject), ("X-Token-Client-ID", .clientID), ("X-Token-Scopes", .scopes),
            ("X-Token-Cache", .source),
        ].compactMap { name, content in HTTPField.Name(name).map { ($0, content) } }
    )

    /// Makes a layout; `nil` if a name can't be used, or if an app could take two of them for the same.
    ///
    /// - Parameter fields: names and contents.
    package init?(_ fields: [(name: String, content: Content)]) {
        guard fields.allSatisfy({ Self.isUsable($0.name) }),
            Set(fields.map { Self.plain($0.name) }).count == fields.count
        else { return nil }
        self.init(
            checked: fields.compactMap { field in HTTPField.Name(field.name).map { ($0, field.content) } }
        )
    }

    private init(checked fields: [(name: HTTPField.Name, content: Content)]) {
        self.fields = fields
    }

    /// Whether a text can be the name of a field for an app: a token (RFC 9110 §5.6.2), and no field of the protocol.
    static func isUsable(_ name: String) -> Bool {
        HTTPField.Name(name) != nil && !protocolFields.contains(plain(name))
    }

    /// How CGI, WSGI and their kin see a name: they take `X_A`, `X.A` and `x-a` for the same.
    static func plain(_ name: String) -> String {
        String(
            decoding: name.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
                default: UInt8(ascii: "-")
                }
            },
            as: UTF8.self
        )
    }

    /// What concerns one connection, frames a message, or belongs to the gate's own answer.
    private static let protocolFields: Set = [
        "authorization", "cache-control", "connection", "content-encoding", "content-length", "content-type",
        "cookie",
        "date", "expect", "host", "keep-alive", "location", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "retry-after", "server", "set-cookie", "te", "trailer", "transfer-encoding",
        "upgrade", "via",
        "www-authenticate",
    ]

    /// Who a verified token speaks for.
    ///
    /// Every field is there. An absent claim is an empty field: without one, a proxy may hand on what the client itself
    /// sent under that name.
    package func headerFields(for verification: Verification) -> HTTPFields {
        let token = verification.token
        var headerFields = HTTPFields()
        for (name, content) in fields {
            headerFields[name] =
                switch content {
                case .subject: token.subject.map(Self.visible) ?? ""
                case .clientID: token.clientID.map(Self.visible) ?? ""
                case .scopes: (token.orderedScopes ?? []).map(Self.visible).joined(separator: " ")
                case .source: Self.word(for: verification.source)
                case .claim(let path): token.claims.value(at: path).map(Self.words) ?? ""
                }
        }
        headerFields[.cacheControl] = "no-store"
        return headerFields
    }

    private static func word(for source: Verification.Source) -> String {
        switch source {
        case .memory, .store: "hit"
        case .authority: "miss"
        case .sharedFlight: "shared"
        case .stale: "stale"
        }
    }

    /// A claim as words: an array's elements, each with what is not visible encoded.
    private static func words(_ value: ClaimValue) -> String {
        guard case .array(let elements) = value else { return value.word.map(visible) ?? "" }
        return elements.compactMap(\.word).map(visible).joined(separator: " ")
    }

    /// A text in visible ASCII: every other byte, and `%`, as `%XX`, so that different texts stay different.
    private static func visible(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Claims {
    /// The claim of a name, or else the member of a member, with dots between their names.
    fileprivate func value(at path: String) -> ClaimValue? {
        if let value = self[path] { return value }
        var names = path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }[...]
        guard let first = names.popFirst() else { return nil }
        var value = self[first]
        for name in names { value = value?.object?[ExactText(name)] }
        return value
    }
}

extension ClaimValue {
    /// The value as one word; `nil` for null, an object and an array.
    fileprivate var word: String? {
        switch self {
        case .string(let text), .largeInteger(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let truth): "\(truth)"
        case .null, .array, .object: nil
        }
    }
}
