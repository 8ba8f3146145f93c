import CacheStores

extension Timestamp {
    /// The end of a hold that begins at this moment: a fraction of a millisecond counts as a whole one.
    func end(of hold: Duration) -> Timestamp {
        guard hold > .zero else { return self }
        let whole = advanced(by: hold)
        return duration(to: whole) < hold ? whole.advanced(byMilliseconds: 1) : whole
    }
}
