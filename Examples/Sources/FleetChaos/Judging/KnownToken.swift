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
    package var revocationBegan: Instant?
    package var revoked: Instant?
    /// When the attempt began that a gate confirmed.
    package var forgettingBegan: Instant?
    package var forgotten: Instant?
    /// Which gate confirmed it.
    package var forgottenBy: String?

    package struct Life: Sendable {
        package let validUntil: Instant
        package let expiredFrom: Instant

        package init(validUntil: Instant, expiredFrom: Instant) {
            self.validUntil = validUntil
            self.expiredFrom = expiredFrom
        }
    }

    package init(number: Int, text: String, subject: String, life: Life?) {
        self.number = number
        self.text = text
        self.subject = subject
        self.life = life
    }
}
