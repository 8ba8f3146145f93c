/// Marks a token that an authority refused.
struct Refusal: Sendable {
    let reason: VerificationError.Reason
}
