#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension HTTPTransportError: LocalizedError {
    public var errorDescription: String? { message }
}
