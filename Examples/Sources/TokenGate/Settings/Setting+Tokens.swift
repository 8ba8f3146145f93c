import HTTPTypes
import TokenVerification

/// What is required of a token, where it is, and what the app learns of it.
extension Setting {
    package static let requireScope = requirement(
        "require-scope",
        .list("SCOPE"),
        "A scope that a token must have.",
        key: "scopes",
        accepts: "scopes of visible ASCII, without spaces, quotes and back-slashes (RFC 6749 §3.3)"
    ) { !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C } }
    package static let requireAudience = requirement(
        "require-audience",
        .list("AUDIENCE"),
        "An audience of which a token must name one.",
        key: "audiences"
    )
    package static let requireIssuer = requirement(
        "require-issuer",
        .text("ISSUER"),
        "The issuer that a token must be of.",
        key: "issuer"
    )
    package static let maximumAge = requirement(
        "maximum-age",
        timeSpan,
        "How long ago a token may have been issued."
    )
    package static let tokenPrefix = requirement(
        "token-prefix",
        .list("PREFIX"),
        "How a token may begin, such as `gho_`.",
        key: "token-prefixes",
        accepts: "visible ASCII"
    ) { !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }

    package static let tokenHeader = Setting(
        "token-header",
        .text("NAME"),
        "A header field that may hold the token instead of Authorization.",
        accepts: "the name of a header field other than Authorization and Cookie"
    ) { HTTPField.Name($0).map { $0 != .authorization && $0 != .cookie } ?? false }
    package static let tokenCookie = Setting(
        "token-cookie",
        .text("NAME"),
        "A cookie that may hold the token. The app has to keep other sites from using it (CSRF).",
        accepts: "the name of a cookie"
    ) { HTTPField.isValidName($0) }
    package static let tokenScheme = Setting(
        "token-scheme",
        .text("NAME"),
        "A scheme that Authorization may have instead of Bearer, such as `token` for GitHub.",
        accepts: "the name of a scheme"
    ) { HTTPField.isValidName($0) }
    package static let tokenLength = Setting(
        "token-length",
        .number(1...65_536, "BYTES"),
        "The longest token that is accepted.",
        preset: "\(BearerToken.maximumLength)"
    )
    package static let tokenCharacters = Setting(
        "token-characters",
        .text("CHARACTERS"),
        "What a token may have besides letters, digits and `-._~+/`, such as `|` (Laravel Sanctum) or `!`.",
        accepts: "visible ASCII other than the comma, quotes, the back-slash and ="
    ) { (try? BearerTokenFormat(alsoAccepting: $0)) != nil }

    package static let subjectField = builtIn(
        "subject",
        "The field with the token's subject",
        "X-Token-Subject"
    )
    package static let clientIDField = builtIn(
        "client-id",
        "The field with the client's id",
        "X-Token-Client-ID"
    )
    package static let scopesField = builtIn("scopes", "The field with the token's scopes", "X-Token-Scopes")
    package static let cacheField = builtIn(
        "cache",
        "The field that says where the answer came from: hit, miss, shared or stale",
        "X-Token-Cache"
    )
    package static let claimField = Setting(
        "claim-field",
        .pairs("NAME=CLAIM"),
        "A field with a claim of the token; `realm_access.roles` is a member of a member.",
        key: "claim-fields",
        accepts: "NAME=CLAIM, with a name of a header field that is not the protocol's own"
    ) { text in
        let parts = text.split(separator: "=", maxSplits: 1)
        return parts.count == 2 && IdentityLayout.isUsable(String(parts[0]))
    }

    private static func builtIn(_ name: String, _ help: String, _ preset: String) -> Setting {
        Setting(
            "\(name)-field",
            .text("NAME"),
            "\(help); `off` leaves it out.",
            preset: preset,
            accepts: "off, or a name of a header field that is not the protocol's own"
        ) { $0 == "off" || IdentityLayout.isUsable($0) }
    }

    private static func requirement(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        key: String? = nil,
        accepts: String? = nil,
        isRight: @escaping @Sendable (String) -> Bool = { !$0.isEmpty }
    ) -> Setting {
        Setting(name, kind, help, key: key, place: .requirement, accepts: accepts, isRight: isRight)
    }
}

extension HTTPField {
    /// Whether a text is a token in the grammar of RFC 9110 §5.6.2, as names are.
    fileprivate static func isValidName(_ text: String) -> Bool { HTTPField.Name(text) != nil }
}
