import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Has one path, and what lies below it, answered alike whatever the method: proxies ask by the method of the
/// request that they ask about.
struct AnyMethodResponder<Wrapped: HTTPResponder>: HTTPResponder {
    private let path: String
    private let wrapped: Wrapped

    init(path: String, wrapping wrapped: Wrapped) {
        self.path = path
        self.wrapped = wrapped
    }

    @concurrent func respond(to request: Request, context: Wrapped.Context) async throws -> Response {
        guard request.uri.path == path || request.uri.path.hasPrefix(path + "/") else {
            return try await wrapped.respond(to: request, context: context)
        }
        var head = request.head
        head.method = .get
        return try await wrapped.respond(to: Request(head: head, body: request.body), context: context)
    }
}
