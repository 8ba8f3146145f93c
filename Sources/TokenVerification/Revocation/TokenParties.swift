/// Whose token it is: what marks can name besides the token itself.
struct TokenParties: Sendable, Equatable {
    let subject: ExactText?
    let clientID: ExactText?
    let session: ExactText?

    init(of token: VerifiedToken) {
        subject = token.subject.map { ExactText($0) }
        clientID = token.clientID.map { ExactText($0) }
        session = token.claims["sid"]?.string.map { ExactText($0) }
    }

    /// Each that the token names.
    var all: [MarkKeys.Target] {
        [
            subject.map { .subject($0.text) }, clientID.map { .client($0.text) },
            session.map { .session($0.text) },
        ].compactMap(\.self)
    }
}
