public import HTTPTransports

extension VerificationError {
    /// What it means for a verification that a transport failed.
    ///
    /// | the transport throws | reason |
    /// | --- | --- |
    /// | `timedOut` | `timedOut` |
    /// | `bodyTooLarge`, `protocolViolation` | `malformedAnswer` |
    /// | `invalidRequest` | `rejected`: no outage, since waiting does not mend it |
    /// | `shutDown` | `shutDown` |
    /// | `CancellationError` | `cancelled` |
    /// | a `VerificationError` | the same error |
    /// | anything else | `unreachable` |
    ///
    /// - Parameters:
    ///   - error: what `HTTPTransport.response(to:body:limits:)` threw.
    ///   - limits: the limits of that exchange; the detail names the one that was exceeded.
    public init(transportError error: any Error, limits: HTTPExchangeLimits) {
        switch error {
        case let error as VerificationError: self = error
        case is CancellationError: self.init(.cancelled)
        case let error as HTTPTransportError:
            switch error.code {
            case .timedOut: self.init(.timedOut, detail: .transport(error))
            case .bodyTooLarge:
                self.init(.malformedAnswer, detail: .answerSize(limit: limits.maximumBodySize))
            case .protocolViolation: self.init(.malformedAnswer, detail: .transport(error))
            case .invalidRequest: self.init(.rejected, detail: .transport(error))
            case .shutDown: self.init(.shutDown)
            default: self.init(.unreachable, detail: .transport(error))
            }
        default: self.init(.unreachable)
        }
    }
}
