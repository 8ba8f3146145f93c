#if Hummingbird
import HTTPTypes
public import Hummingbird
import HummingbirdCore
import NIOCore
public import TokenVerification

extension RouterMethods {
    /// Serves the documents by which protected resources describe themselves (RFC 9728), to any client.
    ///
    /// The paths are those of the resources: `/.well-known/oauth-protected-resource`, with the resource's own path behind
    /// it. They must lie outside the ``BearerTokenMiddleware``, since a client reads them before it has a token.
    ///
    /// ```swift
    /// router.protectedResources(metadata)
    /// router.group().add(middleware: BearerTokenMiddleware(verifier: verifier, resourceMetadata: metadata.url))
    /// ```
    ///
    /// - Parameter resources: what is served; a resource is found by its exact path.
    /// - Returns: the router.
    @discardableResult
    public func protectedResources(_ resources: ProtectedResourceMetadata...) -> Self {
        let documents = Dictionary(resources.map { ($0.path, $0.json) }) { first, _ in first }
        let handler: @Sendable (Request, Context) async throws -> Response = { request, _ in
            guard let document = documents[request.uri.path] else { throw HTTPError(.notFound) }
            return Response(
                status: .ok,
                // Public, and read by clients in browsers, too.
                headers: [.contentType: "application/json", .accessControlAllowOrigin: "*"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: document))
            )
        }
        let path = RouterPath(ProtectedResourceMetadata.wellKnownPath)
        get(path, use: handler)
        get("\(ProtectedResourceMetadata.wellKnownPath)/**", use: handler)
        return self
    }
}
#endif
