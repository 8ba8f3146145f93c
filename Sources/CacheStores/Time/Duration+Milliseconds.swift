extension Duration {
    /// The duration in milliseconds, rounded towards zero and clamped to what `Int64` holds.
    package var millisecondsTowardZero: Int64 {
        // A duration can be longer than its own components can say.
        guard self < .milliseconds(Int64.max) else { return .max }
        guard self > .milliseconds(Int64.min) else { return .min }
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
