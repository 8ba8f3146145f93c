package import HTTPTypes
import Hummingbird
package import TokenVerification
import TokenVerificationHummingbird

extension BasicVerifiedRequestContext {
    /// The answer to a request that was let pass: who it is, in header fields that a proxy hands on.
    var identityResponse: Response {
        guard let verification else { return Response(status: .internalServerError) }
        return Response(status: .ok, headers: HTTPFields(identityOf: verification))
    }
}

extension HTTPFields {
    /// Who a verified token speaks for.
    ///
    /// An absent claim is an empty field: without one, a proxy may hand on what the client itself sent under that name.
    package init(identityOf verification: Verification) {
        let token = verification.token
        self.init()
        set("X-Token-Subject", to: token.subject.map(Self.visible) ?? "")
        set("X-Token-Client-ID", to: token.clientID.map(Self.visible) ?? "")
        set("X-Token-Scopes", to: (token.orderedScopes ?? []).map(Self.visible).joined(separator: " "))
        set("X-Token-Cache", to: Self.word(for: verification.source))
        self[.cacheControl] = "no-store"
    }

    private mutating func set(_ name: String, to value: String) {
        guard let name = HTTPField.Name(name) else { return }
        self[name] = value
    }

    private static func word(for source: Verification.Source) -> String {
        switch source {
        case .memory, .store: "hit"
        case .authority: "miss"
        case .sharedFlight: "shared"
        case .stale: "stale"
        }
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
