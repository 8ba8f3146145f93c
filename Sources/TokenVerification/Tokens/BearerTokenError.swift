/// Why a request's credentials are no bearer token.
public enum BearerTokenError: Error, Hashable {
    /// There are no credentials; the answer is 401 without an error code (RFC 6750 §3).
    case missing
    /// The credentials are of another scheme, such as Basic.
    case otherScheme
    /// The credentials don't follow the grammar of RFC 6750 §2.1, or what ``BearerTokenFormat`` accepts besides.
    case malformed
    /// The token is longer than ``BearerTokenFormat/maximumLength``, which is the limit, in bytes.
    case tooLong(limit: Int)
    /// There is more than one set of credentials.
    case repeated
}
