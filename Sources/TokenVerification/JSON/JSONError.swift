#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A text is not JSON, or not the JSON that is accepted.
public struct JSONError: LocalizedError, Hashable {
    /// Where reading stopped, in bytes; names that occur twice are noticed at their object's end.
    public let position: Int

    public var errorDescription: String? { description }
}

extension JSONError: CustomStringConvertible {
    public var description: String { "the text must be one JSON object, which it is not at byte \(position)" }
}
