import CacheStores
import Foundation
import TokenVerification

/// What the authority says about any token: twelve claims, as a real one has them.
enum SampleAnswer {
    /// RFC 7662 §2.2, without `active`: what the peers are given too.
    static let claims = #"""
        "sub":"0c6ff2a1-6f4e-4d2f-a1a4-5b8b7d0d4c11","client_id":"dashboard","username":"ada.lovelace","scope":"o\#
        rders:read orders:write profile","iss":"https://issuer.example","aud":"https://api.example","iat":1700000\#
        000,"exp":4102444800,"jti":"5f0c1c9e7b","email":"ada@example.org","name":"Ada Lovelace","tenant":"acme"
        """#

    static let json = #"{"active":true,\#(claims)}"#

    /// The claims alone, as a JSON object.
    static let claimsObject = "{\(claims)}"

    /// An answer with these claims, for stores that are measured without an authority.
    static let token: VerifiedToken = {
        guard let claims = try? Claims(json: Array(claimsObject.utf8)) else {
            preconditionFailure("the sample is not a JSON object")
        }
        var content = VerifiedToken.Content(verifiedAt: .distantPast, claims: claims)
        content.subject = claims["sub"]?.string
        content.scopes = claims["scope"]?.string.map { Set($0.split(separator: " ").map(String.init)) }
        return VerifiedToken(content)
    }()

    /// The header fields of a question, as an `IntrospectionEndpoint` sends them.
    static let fields = [
        ("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded"),
        ("Authorization", "Basic YmVuY2htYXJrOmJlbmNobWFyaw=="),
    ]

    /// What is asked about a token: the form that an introspection endpoint is sent.
    static func question(about token: String) -> String {
        "token=\(token)&token_type_hint=access_token"
    }
}
