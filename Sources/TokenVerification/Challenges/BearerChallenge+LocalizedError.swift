import HTTPTypes

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension BearerChallenge: LocalizedError {
    /// The explanation for the client's developer, else the status in words.
    public var errorDescription: String? { explanation ?? status.reasonPhrase }
}
