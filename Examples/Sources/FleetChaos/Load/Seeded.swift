/// A generator that draws the same from the same seed (SplitMix64, by Steele, Lea and Flood, 2014).
struct Seeded: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// - Parameters:
    ///   - seed: what a run is repeated by.
    ///   - stream: who draws; each draws something else.
    init(seed: UInt64, stream: UInt64) {
        state = seed &* 0x2545_F491_4F6C_DD1D &+ stream
        state = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func duration(_ milliseconds: ClosedRange<Int>) -> Duration {
        .milliseconds(Int.random(in: milliseconds, using: &self))
    }
}
