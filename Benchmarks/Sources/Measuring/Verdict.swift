/// What measuring a row says about its target.
package enum Verdict: String, Sendable, Codable {
    /// There is no target.
    case none = "-"
    case met
    case notMet = "NOT MET"
    /// The target lies where the median may lie, and so it counts as not met.
    case tooNoisy = "TOO NOISY"

    package var isFailure: Bool { self == .notMet || self == .tooNoisy }
}
