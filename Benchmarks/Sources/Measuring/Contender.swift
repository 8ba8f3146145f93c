/// One side of a row: a piece of work that is measured again and again.
package struct Contender: Sendable {
    /// Measures once: one figure for each part of the row.
    let measure: @Sendable () async throws -> [Double]

    /// A contender that measures several figures at a time.
    package static func figures(_ measure: @escaping @Sendable () async throws -> [Double]) -> Self {
        Self(measure: measure)
    }

    /// A contender that measures one figure.
    package static func figure(_ measure: @escaping @Sendable () async throws -> Double) -> Self {
        Self { [try await measure()] }
    }

    /// The time of one of so many operations, in nanoseconds.
    ///
    /// - Parameters:
    ///   - count: how many operations the body does.
    ///   - prepare: makes, untimed, what the body needs.
    ///   - body: what is timed.
    /// - Returns: the contender.
    package static func time<Input>(
        of count: Int,
        given prepare: @escaping @Sendable () async throws -> Input,
        _ body: @escaping @Sendable (Input) async throws -> Void
    ) -> Self {
        figure {
            let input = try await prepare()
            let time = try await ContinuousClock().measure { try await body(input) }
            return time / .nanoseconds(1) / Double(count)
        }
    }

    /// The time of one of so many operations that need nothing made beforehand.
    package static func time(of count: Int, _ body: @escaping @Sendable () async throws -> Void) -> Self {
        time(of: count, given: {}, body)
    }

    /// How many operations there are in a second, of so many that all tasks do together.
    package static func rate<Input>(
        of count: Int,
        given prepare: @escaping @Sendable () async throws -> Input,
        _ body: @escaping @Sendable (Input) async throws -> Void
    ) -> Self {
        let time = time(of: count, given: prepare, body)
        return Self { try await time.measure().map { 1e9 / $0 } }
    }

    /// How many operations there are in a second, where they need nothing made beforehand.
    package static func rate(of count: Int, _ body: @escaping @Sendable () async throws -> Void) -> Self {
        rate(of: count, given: {}, body)
    }

    /// How many times the other's figures its own are, both measured at one time.
    package func divided(by other: Self) -> Self {
        Self {
            let figures = try await measure()
            return try await zip(figures, other.measure()).map { $0 / $1 }
        }
    }
}
