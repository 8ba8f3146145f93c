/// What is known for certain about a token, and from when on.
///
/// What takes time is known by two moments: when it may have come about at the earliest, and when at the latest.
struct KnownToken: Sendable {
    typealias Instant = ContinuousClock.Instant

    let number: Int
    let text: String
    let subject: String
    /// From its issue on; `nil` for a token that nobody issued.
    let life: Life?
    var revocationBegan: Instant?
    var revoked: Instant?
    /// When the attempt began that a gate confirmed.
    var forgettingBegan: Instant?
    var forgotten: Instant?

    struct Life: Sendable {
        let validUntil: Instant
        let expiredFrom: Instant
    }

    init(number: Int, text: String, subject: String, life: Life?) {
        self.number = number
        self.text = text
        self.subject = subject
        self.life = life
    }
}
