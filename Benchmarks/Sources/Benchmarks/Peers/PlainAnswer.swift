/// What an introspection endpoint says, in a form of one's own: the members that RFC 7662 names.
struct PlainAnswer: Decodable, Sendable {
    private enum CodingKeys: String, CodingKey {
        case active
        case scope
        case clientID = "client_id"
        case username
        case subject = "sub"
        case audience = "aud"
        case issuer = "iss"
        case expiry = "exp"
        case issuedAt = "iat"
    }

    let active: Bool
    let scope: String?
    let clientID: String?
    let username: String?
    let subject: String?
    let audience: String?
    let issuer: String?
    let expiry: Int?
    let issuedAt: Int?
}
