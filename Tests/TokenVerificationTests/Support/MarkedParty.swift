import TokenVerification

/// Whose tokens a test ends.
enum MarkedParty: CaseIterable {
    case subject, client, session

    func mark(_ name: String, in cache: TokenCache) async throws {
        switch self {
        case .subject: try await cache.forgetAll(ofSubject: name)
        case .client: try await cache.forgetAll(ofClient: "client of " + name)
        case .session: try await cache.forgetAll(ofSession: "session of " + name)
        }
    }
}
