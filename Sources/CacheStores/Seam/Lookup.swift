/// The result of a look-up that does not wait.
public enum Lookup<Found> {
    case found(Found)
    case absent
    /// Only a look-up that waits can tell.
    case mustWait

    /// The result of a look-up that knows its answer.
    public init(_ found: Found?) {
        self = found.map(Self.found) ?? .absent
    }
}

extension Lookup: Sendable where Found: Sendable {}
extension Lookup: Equatable where Found: Equatable {}
