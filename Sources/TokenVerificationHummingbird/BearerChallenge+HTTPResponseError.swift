#if Hummingbird
public import Hummingbird
public import TokenVerification

extension BearerChallenge: HTTPResponseError {
    public func response(from request: Request, context: some RequestContext) -> Response {
        Response(status: status, headers: headerFields)
    }
}
#endif
