/// Between which moments an entry was inserted, as far as the logs tell.
struct Place {
    let earliest: UInt64
    let latest: UInt64

    /// Whether it was inserted before another one, beyond doubt.
    func precedes(_ other: Place) -> Bool { latest < other.earliest }
}
