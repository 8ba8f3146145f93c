/// The failure of an operation of a store.
///
/// Messages hold paths, addresses and codes, never a value, a password or more of a key than its description.
public struct StoreError: Error {
    /// The kind of failure; new kinds may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Wrapped: String, Sendable {
            case unavailable, timedOut, full, valueTooLarge, readOnly, accessDenied, incompatible, corrupted
            case invalidConfiguration, shutDown
        }

        private let wrapped: Wrapped

        /// The store can't be reached, or failed in a way that may pass.
        public static let unavailable = Self(wrapped: .unavailable)
        /// The store's deadline passed.
        public static let timedOut = Self(wrapped: .timedOut)
        /// There is no room left where the store keeps its data.
        public static let full = Self(wrapped: .full)
        /// The value exceeds ``CacheStore/maximumValueSize``.
        public static let valueTooLarge = Self(wrapped: .valueTooLarge)
        /// The store can be read but not written.
        public static let readOnly = Self(wrapped: .readOnly)
        /// Permissions forbid the access, or are too wide for it to be safe.
        public static let accessDenied = Self(wrapped: .accessDenied)
        /// The data belongs to another application or to another release, or the server's settings forbid the operation.
        public static let incompatible = Self(wrapped: .incompatible)
        /// The data is damaged.
        public static let corrupted = Self(wrapped: .corrupted)
        /// An argument of the store's initialiser is out of its range.
        public static let invalidConfiguration = Self(wrapped: .invalidConfiguration)
        /// The store was shut down.
        public static let shutDown = Self(wrapped: .shutDown)

        public var description: String { wrapped.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, as text for a log.
    public var message: String
    /// The error that lies beneath, if any.
    public var cause: (any Error)?

    /// Makes an error of a store.
    ///
    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - message: what happened, as text for a log. It must hold no value, no password, and no more of a key than its
    ///     description.
    ///   - cause: the error that lies beneath, if any; its description is part of this one's.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        guard let cause else { return "\(code): \(message)" }
        return "\(code): \(message) (\(cause))"
    }
}

extension StoreError {
    /// A value of so many bytes is more than any store accepts.
    public static func valueTooLarge(_ size: Int) -> StoreError {
        let limit = ContractFigures.maximumValueSize
        return StoreError(code: .valueTooLarge, message: "the value has \(size) bytes; the limit is \(limit)")
    }
}
