#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension VerificationError: LocalizedError {
    /// The reason in words, and what exactly was wrong, if that is known.
    public var errorDescription: String? {
        detail.map { "\(reason.sentence): \($0)" } ?? reason.sentence
    }
}

extension ConfigurationError: LocalizedError {
    public var errorDescription: String? { message }
}
