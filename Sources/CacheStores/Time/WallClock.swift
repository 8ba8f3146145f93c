#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The clock that expiries are read against.
///
/// ``system`` is the machine's clock. A test puts a clock of its own in its place, such as the `ManualClock` of
/// `CacheStoresTesting`: any clock whose instants are timestamps will do.
public struct WallClock: Clock {
    /// The machine's time of day.
    public static let system = WallClock(source: .machine(CLOCK_REALTIME))

    /// Time since an arbitrary moment, which nobody can set; only differences mean anything.
    package static let monotonic = WallClock(source: .machine(CLOCK_MONOTONIC))

    private enum Source: Sendable {
        case machine(clockid_t)
        case injected(@Sendable () -> Timestamp, @Sendable (Timestamp, Duration?) async throws -> Void)
    }

    private let source: Source

    private init(source: Source) {
        self.source = source
    }

    /// A wall clock that shows what another clock shows.
    public init<Other: Clock>(_ clock: Other)
    where Other.Instant == Timestamp, Other.Duration == Swift.Duration {
        source = .injected({ clock.now }, { try await clock.sleep(until: $0, tolerance: $1) })
    }

    /// Whether the clock was put in the machine's place.
    package var isInjected: Bool {
        if case .injected = source { true } else { false }
    }

    public var now: Timestamp {
        switch source {
        case .machine(let identifier):
            var time = timespec()
            clock_gettime(identifier, &time)
            return Timestamp(
                millisecondsSince1970: Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
            )
        case .injected(let reading, _):
            return reading()
        }
    }

    public var minimumResolution: Duration { .milliseconds(1) }

    public func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
        switch source {
        case .machine:
            try await ContinuousClock().sleep(for: now.duration(to: deadline), tolerance: tolerance)
        case .injected(_, let sleeping):
            try await sleeping(deadline, tolerance)
        }
    }
}
