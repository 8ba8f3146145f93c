/// What happens to tokens that are bound to a key of their sender: by DPoP (RFC 9449) or by the client's certificate
/// (RFC 8705).
///
/// Such a token is worth nothing to a thief, as long as each request's proof is checked. This package reads no proof.
public enum BoundTokens: Sendable, Hashable {
    /// A bound token is refused with the reason `senderConstrained`.
    case refuse
    /// A bound token is accepted as a bearer token: right only where a proxy in front checks every request's proof.
    case accept
}
