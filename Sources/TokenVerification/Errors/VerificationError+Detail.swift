public import HTTPTransports

extension VerificationError {
    /// What exactly was wrong with a token or an authority's answer, in words for an operator's log.
    ///
    /// It names a member, a header field, a limit, a status or a failure of the connection, and never a value that
    /// an authority or a client sent. A ``BearerChallenge`` tells it only if it is about the client's own request
    /// (``VerificationError/Code/invalidRequest``).
    public struct Detail: Sendable, Hashable, CustomStringConvertible {
        /// The detail in a few words of ASCII, such as `member "exp"`.
        public let description: String

        private init(text: String) {
            description = text
        }

        /// A member of the answer is missing or of a wrong type.
        ///
        /// - Parameter name: the member's name. Only a name of 1…64 letters, digits and `-_.:` is repeated.
        /// - Returns: the detail.
        public static func member(_ name: String) -> Self { Self(text: "member" + quoted(name)) }

        /// A header field of the answer is missing or wrong.
        ///
        /// - Parameter name: the field's name. Only a name of 1…64 letters, digits and `-_.:` is repeated.
        /// - Returns: the detail.
        public static func header(_ name: String) -> Self { Self(text: "header" + quoted(name)) }

        /// The body is not one JSON object, or not the JSON that is accepted: a name twice, bad UTF-8, too deep.
        public static let notJSON = Self(text: "the body is not a JSON object")

        /// The answer's body is larger than the authority's limit.
        ///
        /// - Parameter bytes: the limit.
        /// - Returns: the detail.
        public static func answerSize(limit bytes: Int) -> Self {
            Self(text: "the body is larger than the limit of \(bytes) bytes")
        }

        /// The bearer token is longer than ``BearerTokenFormat/maximumLength``.
        ///
        /// - Parameter bytes: the limit.
        /// - Returns: the detail.
        public static func tokenSize(limit bytes: Int) -> Self {
            Self(text: "the limit is \(bytes) bytes")
        }

        /// The answer has a status that is neither an answer nor a refusal.
        ///
        /// - Parameter code: the status code.
        /// - Returns: the detail.
        public static func status(_ code: Int) -> Self { Self(text: "status \(code)") }

        /// The same with the endpoint's address, but not its query, where some servers want a key.
        static func status(_ code: Int, from endpoint: HTTPEndpoint) -> Self {
            Self(text: "status \(code) from " + endpoint.canonical.prefix { $0 != "?" })
        }

        /// The exchange failed before there was an answer.
        ///
        /// - Parameter error: what the transport says. The code is named; the message is repeated only if it is one of
        ///   `CurlTransport`'s, since another transport's may hold anything.
        /// - Returns: the detail.
        public static func transport(_ error: HTTPTransportError) -> Self {
            Self(text: error.isOfThisModule ? "\(error)" : "\(error.code)")
        }

        /// A name in quotes behind a space; nothing for a name that could hold more than a name.
        private static func quoted(_ name: String) -> String {
            let isName =
                (1...64).contains(name.utf8.count)
                && name.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                        UInt8(ascii: "."), UInt8(ascii: ":"):
                        true
                    default: false
                    }
                }
            return isName ? " \"\(name)\"" : ""
        }
    }
}
