/// The fact that an authority refused a token.
struct Refusal: Sendable {}
