/// A fault as it befell an operation of a ``FaultyStore``.
public struct SufferedFault: Sendable, Hashable {
    /// The operation's number since its script began, from 1.
    public var step: Int
    public var operation: StoreOperation
    public var fault: StoreFault

    public init(step: Int, operation: StoreOperation, fault: StoreFault) {
        self.step = step
        self.operation = operation
        self.fault = fault
    }
}

extension SufferedFault: CustomStringConvertible {
    public var description: String { "\(step). \(operation): \(fault)" }
}
