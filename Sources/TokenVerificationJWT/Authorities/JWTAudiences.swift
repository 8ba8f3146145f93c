/// The audiences of which a signed token must name one (RFC 9068 §4).
public enum JWTAudiences: Sendable, Hashable {
    /// One of these, compared byte by byte.
    case oneOf([String])
    /// Any, or none: a token that the issuer made for another server is accepted as well.
    case any
}
