public import CacheStores

/// One kind of fault of a store; more may be added.
public struct StoreFault: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case delay(Duration)
        case error(StoreError.Code)
        case lostWrite
        case lostRemoval
        case staleRead
        case lateAnswer(Duration)
        case lostAnswer
    }

    let kind: Kind

    /// The operation begins so much later.
    public static func delay(_ duration: Duration) -> Self { Self(kind: .delay(duration)) }

    /// The operation throws a `StoreError` of this code, and is not done.
    ///
    /// A store that times out is one that is slow first: name a ``delay(_:)`` and `.error(.timedOut)` together.
    public static func error(_ code: StoreError.Code) -> Self { Self(kind: .error(code)) }

    /// `setEntry` returns as if it had stored the entry, but does not.
    public static let lostWrite = Self(kind: .lostWrite)

    /// `removeEntry` and `removeAll` return as if they had removed something, but neither remove nor remember.
    ///
    /// No program can detect this fault: one that relies on removals, as the forgetting of tokens does, must believe a
    /// store that confirms. So it is a fault of its own; a test of such a promise must leave it out.
    public static let lostRemoval = Self(kind: .lostRemoval)

    /// `entry(for:)` returns the entry that the last write or removal of its key replaced.
    ///
    /// It does so even if that entry has expired; a key without one is answered truthfully. So that there is one, a
    /// script that names this fault has each key looked up before it is changed. A test of a promise that relies on
    /// removals must leave out this fault too: a removed entry is back for a moment.
    public static let staleRead = Self(kind: .staleRead)

    /// The operation is done, but returns no sooner than so long after it began.
    public static func lateAnswer(_ duration: Duration) -> Self { Self(kind: .lateAnswer(duration)) }

    /// The operation is done, but throws a `StoreError` of code `timedOut` as if it had not been.
    public static let lostAnswer = Self(kind: .lostAnswer)
}

extension StoreFault: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .delay(let duration): "delayed by \(duration)"
        case .error(let code): "failed (\(code))"
        case .lostWrite: "write lost"
        case .lostRemoval: "removal lost"
        case .staleRead: "read something stale"
        case .lateAnswer(let duration): "done, answered after \(duration)"
        case .lostAnswer: "done, answer lost"
        }
    }
}
