/// A text is not JSON, or not the JSON that is accepted.
public struct JSONError: Error, Hashable {
    /// Where reading stopped, in bytes; names that occur twice are noticed at their object's end.
    public let position: Int
}
