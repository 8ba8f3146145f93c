#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension ContractViolation: LocalizedError {
    public var errorDescription: String? { description }
}
