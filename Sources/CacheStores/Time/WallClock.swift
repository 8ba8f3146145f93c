package import CacheStoresWaiting

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
    public static let system = WallClock(injected: nil)

    /// A clock that replaces the machine's.
    private final class Injected: Sendable {
        let now: @Sendable () -> Timestamp
        let sleep: @Sendable (Timestamp, Duration?) async throws -> Void

        init<Other: Clock>(_ clock: Other)
        where Other.Instant == Timestamp, Other.Duration == Swift.Duration {
            now = { clock.now }
            sleep = { try await clock.sleep(until: $0, tolerance: $1) }
        }
    }

    private let injected: Injected?

    private init(injected: Injected?) {
        self.injected = injected
    }

    /// A wall clock that shows what another clock shows.
    public init<Other: Clock>(_ clock: Other)
    where Other.Instant == Timestamp, Other.Duration == Swift.Duration {
        self.init(injected: Injected(clock))
    }

    /// Measures spans of time: by a monotonic clock, unless this one is a test's.
    package var intervals: IntervalClock {
        guard let injected else { return .continuous }
        return IntervalClock { Self.origin + .milliseconds(injected.now().millisecondsSince1970) }
    }

    /// Where the moments of a test's clock lie on the clock that measures spans.
    private static let origin = ContinuousClock.now

    /// Whether the clock replaces the machine's.
    package var isInjected: Bool { injected != nil }

    public var now: Timestamp {
        if let injected { return injected.now() }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            millisecondsSince1970: Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
        )
    }

    public var minimumResolution: Duration { .milliseconds(1) }

    public func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
        if let injected { return try await injected.sleep(deadline, tolerance) }
        try await ContinuousClock().sleep(for: now.duration(to: deadline), tolerance: tolerance)
    }
}
