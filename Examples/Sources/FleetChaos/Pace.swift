/// How long a run's answers are used, and how long its faults may last.
package enum Pace: Sendable, CustomStringConvertible {
    /// Answers are used for seconds, and each fault is over soon.
    case brief
    /// Some cuts and stops last longer than the longest question, and answers are still fresh after them.
    ///
    /// What was on its way then arrives late: an answer that is stored after its token was forgotten would be used.
    case long

    package init(seed: UInt64) {
        self = seed.isMultiple(of: 2) ? .brief : .long
    }

    package var description: String {
        switch self {
        case .brief: "brief faults"
        case .long: "brief and long faults"
        }
    }

    /// What the gates are told about times, and what their answers are judged by.
    var oracle: Oracle {
        let isBrief = self == .brief
        return Oracle(
            timeToLive: isBrief ? .seconds(3) : .seconds(40),
            staleGrace: .seconds(5),
            near: .seconds(1),
            question: .seconds(12),
            // A request's own deadline, and what a busy machine adds.
            deadline: .seconds(15)
        )
    }

    /// Draws how long a fault lasts.
    ///
    /// - Parameters:
    ///   - longest: how long a brief one lasts at most, in milliseconds.
    ///   - random: what is drawn from.
    /// - Returns: the length.
    func faultLength(upTo longest: Int, _ random: inout Seeded) -> Duration {
        if self == .long, Int.random(in: 0..<4, using: &random) == 0 {
            return random.duration(13_000...20_000)
        }
        return random.duration(200...longest)
    }
}
