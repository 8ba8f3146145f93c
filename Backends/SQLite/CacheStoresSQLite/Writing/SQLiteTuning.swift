/// Settings of a store that only tests change.
package struct SQLiteTuning: Sendable {
    /// How many connections wait for lookups.
    package var readers: Int
    /// How many writes at most make up one transaction.
    package var batch = 256
    /// How many entries `removeAll` removes in one transaction.
    package var removalChunk = 4096
    /// How long a transaction waits for the callers of the last one to come back, given how long that took.
    ///
    /// An eighth of that, so that little is lost if they don't; zero for times that are too short for the system's timers.
    package var gatherLimit: @Sendable (Duration) -> Duration = { took in
        took < .microseconds(400) ? .zero : min(took / 8, .microseconds(250))
    }
    /// How many live entries one write evicts at most, while a lowered capacity is worked off.
    package var evictions = 64
    /// How many expired entries one write drops at most.
    package var purge = 1024
    /// How large the file may grow, in pages of 4 KiB.
    package var maximumPageCount: Int?

    package init(readers: Int) {
        self.readers = readers
    }
}
