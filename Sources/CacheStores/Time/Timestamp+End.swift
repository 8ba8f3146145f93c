extension Timestamp {
    /// The end of a time that begins at this moment.
    ///
    /// A fraction of a millisecond counts as a whole one, so that the time is not shorter than was asked for. A
    /// duration of no length, or less, ends at once.
    package func end(of duration: Duration) -> Timestamp {
        guard duration > .zero else { return self }
        let whole = advanced(by: duration)
        return self.duration(to: whole) < duration ? whole.advanced(byMilliseconds: 1) : whole
    }
}
