#if Hummingbird
public import HummingbirdCore
public import NIOCore

extension HTTPServerBuilder {
    /// An HTTP/1 server whose connections stay in step with their clients, or are closed.
    ///
    /// A proxy shares one connection among many users. With Hummingbird's own `.http1()`, a request with `Upgrade`, for one,
    /// makes the server deaf to all that follow on its connection. Here the answer to such a request says
    /// `Connection: close`, and the connection is closed; so it is after `CONNECT`, after `Connection: close` however it is
    /// written, after HTTP/1.0, and when a request is answered while most of its body is still to come.
    ///
    /// A server that upgrades connections (WebSocket) needs Hummingbird's own builders.
    ///
    /// ```swift
    /// let application = Application(router: router, server: .strictHTTP1())
    /// ```
    ///
    /// - Parameters:
    ///   - configuration: Hummingbird's own settings. `idleTimeout` bounds the time between two requests; it should be
    ///     longer than a proxy keeps a connection that it does not use (nginx 60 s, Traefik 90 s, Caddy 120 s).
    ///   - requestTimeout: the time a client has for the head of a request, and again for its body. It counts only while the
    ///     server reads: neither a handler that leaves a body unread nor an earlier request uses it up. A client that receives
    ///     less than 64 KiB of a waiting answer in this time is too slow as well. A connection whose client takes longer is
    ///     closed without an answer.
    /// - Returns: the builder, for `Application(router:server:)`.
    public static func strictHTTP1(
        configuration: HTTP1Channel.Configuration = .init(idleTimeout: .seconds(180)),
        requestTimeout: Duration = .seconds(30)
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            StrictHTTP1Channel(
                wrapped: HTTP1Channel(responder: responder, configuration: configuration),
                requestTimeout: TimeAmount(requestTimeout)
            )
        }
    }
}
#endif
