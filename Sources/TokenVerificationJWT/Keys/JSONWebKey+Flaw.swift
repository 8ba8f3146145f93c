#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension JSONWebKey {
    /// Why a key is not accepted; new flaws may be added.
    public struct Flaw: LocalizedError, Hashable, CustomStringConvertible {
        public let description: String

        public var errorDescription: String? { "the key is not accepted: \(description)" }

        /// A member is missing or wrong: coordinates that are not on the curve, an even exponent, leading zeros.
        public static let malformed = Self(description: "malformed")
        /// The key is symmetric.
        public static let symmetric = Self(description: "symmetric")
        /// The key has private members, which must not be published.
        public static let `private` = Self(description: "private")
        /// The RSA key has less than 2048 bits, or more than 8192.
        public static let size = Self(description: "size")
        /// The type or the curve is not known here.
        public static let unknownType = Self(description: "unknownType")
        /// `use`, `key_ops` or `alg` says that the key is for something else.
        public static let otherUse = Self(description: "otherUse")
    }
}
