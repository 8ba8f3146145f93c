/// What is known for certain about a token, and from when on.
///
/// What takes time is known by two moments: when it may have come about at the earliest, and when at the latest.
package struct KnownToken: Sendable {
    package typealias Instant = ContinuousClock.Instant

    package let number: Int
    package let text: String
    package let subject: String
    /// From its issue on; `nil` for a token that was never issued.
    package let life: Life?
    /// The number of the key that signed it; `nil` for an opaque token.
    package let generation: Int?
    package var revocationBegan: Instant?
    package var revoked: Instant?
    /// When the attempt began that a gate confirmed.
    package var forgettingBegan: Instant?
    package var forgotten: Instant?
    /// Which gate confirmed it; a signed token is revoked by that.
    package var forgottenBy: String?

    package struct Life: Sendable {
        package let validUntil: Instant
        package let expiredFrom: Instant

        package init(validUntil: Instant, expiredFrom: Instant) {
            self.validUntil = validUntil
            self.expiredFrom = expiredFrom
        }
    }

    /// When an issuer's set held a key.
    package struct KeyLife: Sendable {
        package let published: Instant
        package let removed: Instant?

        package init(published: Instant, removed: Instant? = nil) {
            self.published = published
            self.removed = removed
        }
    }

    package init(number: Int, text: String, subject: String, life: Life?, generation: Int? = nil) {
        self.number = number
        self.text = text
        self.subject = subject
        self.life = life
        self.generation = generation
    }
}
