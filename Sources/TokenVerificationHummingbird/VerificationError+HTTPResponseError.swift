#if Hummingbird
public import HTTPTypes
public import Hummingbird
public import TokenVerification

extension VerificationError: HTTPResponseError {
    public var status: HTTPResponse.Status { BearerChallenge(self).status }

    /// The challenge of an error that a handler throws.
    public func response(from request: Request, context: some RequestContext) -> Response {
        BearerChallenge(self).response(from: request, context: context)
    }
}
#endif
