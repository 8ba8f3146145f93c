/// A change of a shared store.
public enum Invalidation: Sendable, Hashable {
    /// The entry under this key was set or removed, or the key was marked (``MarkingStore/reportsMarks``).
    case key(CacheKey)
    /// Anything may have changed.
    case everything
}
