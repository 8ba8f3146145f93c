/// How this server authenticates itself to an introspection endpoint.
public enum ClientAuthentication: String, Sendable, CaseIterable {
    /// `client_secret_basic`: HTTP Basic with form-encoded id and secret (RFC 6749 §2.3.1).
    case basic
    /// HTTP Basic with id and secret as they are, which some servers want.
    case basicRaw = "basic-raw"
    /// `client_secret_post`: id and secret in the form.
    case post
    /// `tls_client_auth` (RFC 8705 §2): the id in the form, and no secret, since the transport's certificate says who asks.
    case certificate
}
