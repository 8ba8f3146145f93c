import TokenVerificationTestSupport

/// A generator that draws the same from the same seed.
struct Seeded: RandomNumberGenerator, Sendable {
    private var generator: SeededGenerator

    /// - Parameters:
    ///   - seed: what a run is repeated by.
    ///   - stream: a number for each that draws; each draws something else.
    init(seed: UInt64, stream: UInt64) {
        generator = SeededGenerator(seed: seed &* 0x2545_F491_4F6C_DD1D &+ stream)
        generator = SeededGenerator(seed: generator.next())
    }

    mutating func next() -> UInt64 { generator.next() }

    mutating func duration(_ milliseconds: ClosedRange<Int>) -> Duration {
        .milliseconds(Int.random(in: milliseconds, using: &self))
    }
}
