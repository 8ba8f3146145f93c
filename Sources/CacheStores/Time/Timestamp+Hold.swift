extension Timestamp {
    /// The end of a hold that begins at this moment.
    ///
    /// A fraction of a millisecond counts as a whole one, so that no hold is shorter than it was asked for. A hold
    /// of no length, or less, ends at once and holds nothing.
    package func end(of hold: Duration) -> Timestamp {
        guard hold > .zero else { return self }
        let whole = advanced(by: hold)
        return duration(to: whole) < hold ? whole.advanced(byMilliseconds: 1) : whole
    }
}
