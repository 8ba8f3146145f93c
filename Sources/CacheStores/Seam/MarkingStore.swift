/// A store in which keys can be marked with moments, such as the last time that a user was logged out everywhere.
///
/// Marks are no entries: they don't count towards capacity, nothing evicts them, ``CacheStore/removeAll(holding:)``
/// and remembered removals leave them alone. Each vanishes by itself at its end, and is absent from then on (`now >= end`).
public protocol MarkingStore: Sendable {
    /// Marks a key, and keeps the mark until a moment.
    ///
    /// Where there is a mark already, the later of the two moments stays, and so does the later of the two ends: a
    /// mark never goes back and its life never shrinks. Once this returned, every process sees it, and it survives
    /// what a confirmed removal survives.
    ///
    /// - Parameters:
    ///   - moment: the mark.
    ///   - key: what is marked, also a key without an entry.
    ///   - end: from when on the mark is absent; if that has passed, nothing happens.
    /// - Throws: ``StoreError``, or `CancellationError`.
    func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws

    /// The marks on some keys, in the order of the keys; `nil` where there is none.
    ///
    /// - Throws: ``StoreError``, or `CancellationError`.
    func marks(for keys: [CacheKey]) async throws -> [Timestamp?]

    /// Whether ``InvalidatingStore/invalidations`` report each mark that is set, under its key; `false` by default.
    ///
    /// Then a process looks a mark up once, and again only when it is told of a change.
    var reportsMarks: Bool { get }
}

extension MarkingStore {
    public var reportsMarks: Bool { false }
}
