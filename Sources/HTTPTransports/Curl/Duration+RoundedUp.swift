extension Duration {
    /// Whole milliseconds, rounded up, from 1 to a day: never 0, by which libcurl means "for ever".
    var millisecondsRoundedUp: Int {
        let bounded = min(max(self, .milliseconds(1)), .seconds(86_400))
        let (seconds, attoseconds) = bounded.components
        return Int(seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// Whole seconds, rounded up, from 1 to a year: never 0, by which libcurl means "for ever".
    package var secondsRoundedUp: Int {
        let (seconds, attoseconds) = min(max(self, .seconds(1)), .seconds(365 * 86_400)).components
        return Int(seconds) + (attoseconds > 0 ? 1 : 0)
    }
}
