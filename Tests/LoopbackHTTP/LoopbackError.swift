/// The system refused the test's server something.
public struct LoopbackError: Error {
    public var call: String
    public var number: Int32
}
