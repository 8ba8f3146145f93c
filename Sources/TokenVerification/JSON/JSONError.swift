/// A text is not JSON, or not the JSON that is accepted.
package struct JSONError: Error, Hashable {
    /// How many bytes were all right.
    package let position: Int
}
