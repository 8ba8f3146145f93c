import Foundation

/// What a token was issued for.
struct Grant: Sendable, Codable {
    let subject: String
    let clientID: String
    let scope: String
    let issuedAt: Date
    let expiry: Date
}
