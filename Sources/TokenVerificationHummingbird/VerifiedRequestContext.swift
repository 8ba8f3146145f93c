#if Hummingbird
public import Hummingbird
public import TokenVerification

/// A request context with a place for the caller's verified token.
///
/// ```swift
/// struct AppContext: VerifiedRequestContext {
///     var coreContext: CoreRequestContextStorage
///     var verification: Verification?
///     init(source: Source) { coreContext = .init(source: source) }
/// }
/// ```
public protocol VerifiedRequestContext: RequestContext {
    /// The caller's token and where the answer about it came from; `nil` until ``BearerTokenMiddleware`` ran.
    var verification: Verification? { get set }
}

/// A request context that has what Hummingbird needs, the caller's verified token, and nothing else.
public struct BasicVerifiedRequestContext: VerifiedRequestContext {
    public var coreContext: CoreRequestContextStorage
    public var verification: Verification?

    public init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
#endif
