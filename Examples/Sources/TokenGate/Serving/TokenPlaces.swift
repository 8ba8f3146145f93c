package import HTTPTypes

/// Where a request may have its token, besides `Authorization: Bearer`.
///
/// A token that stands elsewhere is handed on as a further `Authorization: Bearer` field. So a request with tokens in
/// two places is refused like one with two `Authorization` fields.
package struct TokenPlaces: Sendable {
    /// A header field whose value is the token.
    package var header: HTTPField.Name?
    /// A cookie whose value is the token.
    package var cookie: String?
    /// A scheme that means the same as `Bearer`.
    package var scheme: String?

    package init(header: HTTPField.Name? = nil, cookie: String? = nil, scheme: String? = nil) {
        self.header = header
        self.cookie = cookie
        self.scheme = scheme
    }

    /// Whether there are none.
    var isEmpty: Bool { header == nil && cookie == nil && scheme == nil }

    /// Makes each token of a request a bearer token.
    func rewrite(_ fields: inout HTTPFields) {
        if let scheme {
            fields[values: .authorization] = fields[values: .authorization].map {
                Self.bearer($0, for: scheme)
            }
        }
        var found = header.map { fields[values: $0] } ?? []
        if let cookie { found += fields[values: .cookie].flatMap { Self.values(of: cookie, in: $0) } }
        for token in found { fields.append(HTTPField(name: .authorization, value: "Bearer \(token)")) }
    }

    private static func bearer(_ authorization: String, for scheme: String) -> String {
        let trimmed = authorization.drop { $0 == " " || $0 == "\t" }
        let given = trimmed.prefix { $0 != " " && $0 != "\t" }
        guard given.utf8.count == scheme.utf8.count, given.lowercased() == scheme.lowercased() else {
            return authorization
        }
        return "Bearer" + trimmed.dropFirst(given.count)
    }

    /// The values of a cookie of a `Cookie` field (RFC 6265 §4.2.1).
    private static func values(of name: String, in field: String) -> [String] {
        field.utf8.split(separator: UInt8(ascii: ";")).compactMap { pair in
            let pair = Substring(pair).drop { $0 == " " || $0 == "\t" }
            guard pair.utf8.starts(with: name.utf8),
                pair.utf8.dropFirst(name.utf8.count).first == UInt8(ascii: "=")
            else { return nil }
            return String(pair.utf8.dropFirst(name.utf8.count + 1))
        }
    }
}
