/// Why an exchange brought no response.
///
/// Neither the message nor the description holds anything of a header or a body.
public struct HTTPTransportError: Error, Hashable {
    /// What went wrong, as far as a caller can act on it.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Wrapped: String, Sendable {
            case invalidRequest, invalidConfiguration, connectionFailed, timedOut, tlsFailed, bodyTooLarge
            case protocolViolation, shutDown
        }

        private let wrapped: Wrapped

        /// The request can't be sent as it is, or the exchange's limits forbid it.
        public static let invalidRequest = Self(wrapped: .invalidRequest)
        /// The transport can't be made as it is configured.
        public static let invalidConfiguration = Self(wrapped: .invalidConfiguration)
        /// No connection could be made, or it was lost before the response was complete.
        public static let connectionFailed = Self(wrapped: .connectionFailed)
        /// The deadline passed.
        public static let timedOut = Self(wrapped: .timedOut)
        /// The server's certificate or the TLS handshake was not acceptable.
        public static let tlsFailed = Self(wrapped: .tlsFailed)
        /// The response's body is larger than allowed.
        public static let bodyTooLarge = Self(wrapped: .bodyTooLarge)
        /// What the server sent is not HTTP, or its content coding is broken.
        public static let protocolViolation = Self(wrapped: .protocolViolation)
        /// The transport was shut down.
        public static let shutDown = Self(wrapped: .shutDown)

        public var description: String { wrapped.rawValue }
    }

    /// What went wrong, as far as a caller can act on it.
    public var code: Code
    /// What happened, as text for a log.
    public var message: String {
        didSet { isOfThisModule = false }
    }

    /// Whether the message is one of this module's, which never hold anything of a request or a response.
    package private(set) var isOfThisModule = false

    /// Makes an error of a transport.
    ///
    /// - Parameters:
    ///   - code: what went wrong, as far as a caller can act on it.
    ///   - message: what happened, as text for a log. It must hold nothing of a header or a body.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// An error of this module: the message is a fixed text with a configured limit at most, or libcurl's for one of
    /// its codes.
    init(_ code: Code, _ message: String) {
        self.init(code: code, message: message)
        isOfThisModule = true
    }

    static var transportShutDown: Self { Self(.shutDown, "the transport was shut down") }

    static func invalidRequest(_ message: String) -> Self { Self(.invalidRequest, message) }

    static func invalidConfiguration(_ message: String) -> Self { Self(.invalidConfiguration, message) }

    /// The system or libcurl lacks what an exchange needs: memory, a thread, an option.
    static func noResources(_ message: String) -> Self { Self(.connectionFailed, message) }
}

extension HTTPTransportError {
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.message == right.message
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
    }
}

extension HTTPTransportError: CustomStringConvertible {
    public var description: String { "\(code): \(message)" }
}
