/// A fault as it befell an operation of a ``FaultyStore``.
public struct SufferedFault: Sendable, Hashable {
    /// The operation's number since its script began, from 1.
    public var step: Int
    /// What was asked of the store.
    public var operation: StoreOperation
    /// What befell it; an operation with several faults has one of these for each.
    public var fault: StoreFault

    /// Makes a fault, to compare a ``FaultyStore/history`` with.
    ///
    /// - Parameters:
    ///   - step: the operation's number since its script began, from 1.
    ///   - operation: what was asked of the store.
    ///   - fault: what befell it.
    public init(step: Int, operation: StoreOperation, fault: StoreFault) {
        self.step = step
        self.operation = operation
        self.fault = fault
    }
}

extension SufferedFault: CustomStringConvertible {
    public var description: String { "\(step). \(operation): \(fault)" }
}
