import Foundation
import Hummingbird

/// The form of a token request.
struct TokenForm: Decodable {
    let scope: String?
    let subject: String?
    let expiresIn: Int?

    private enum CodingKeys: String, CodingKey {
        case scope, subject
        case expiresIn = "expires_in"
    }
}

/// The form of an introspection or a revocation.
struct OneToken: Decodable {
    let token: String
}

/// RFC 6749 §5.1.
struct IssuedToken: ResponseEncodable {
    let accessToken: String
    let tokenType = "Bearer"
    let expiresIn: Int
    let scope: String

    private enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case tokenType = "token_type"
        case expiresIn = "expires_in"
        case scope
    }
}

/// RFC 7662 §2.2; of a token that is of no use it says only that.
struct Introspection: ResponseEncodable {
    private let active: Bool
    private var subject: String?
    private var clientID: String?
    private var scope: String?
    private var issuedAt: Int?
    private var expiry: Int?

    init(_ grant: Grant?) {
        active = grant != nil
        guard let grant else { return }
        subject = grant.subject
        clientID = grant.clientID
        scope = grant.scope
        issuedAt = Int(grant.issuedAt.timeIntervalSince1970)
        expiry = Int(grant.expiry.timeIntervalSince1970)
    }

    private enum CodingKeys: String, CodingKey {
        case active, scope
        case subject = "sub"
        case clientID = "client_id"
        case issuedAt = "iat"
        case expiry = "exp"
    }
}
