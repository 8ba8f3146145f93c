import CacheStores
import Logging
import Synchronization

/// Whether a cache's store works: an outage is logged once and not for every request, and while it lasts the store
/// is left alone but for removals.
final class StoreHealth: Sendable {
    private let logger: Logger
    private let isFailing = Atomic(false)
    private let breaker: Breaker<Void>

    init(options: TokenCacheOptions) {
        logger = options.logger
        breaker = options.breaker()
    }

    /// Asks to let an operation pass that a call can do without, and that then tells its outcome.
    func admits() -> Bool {
        breaker.admit() == nil
    }

    func noteSuccess() {
        breaker.noteSuccess()
        guard isFailing.load(ordering: .relaxed), isFailing.exchange(false, ordering: .relaxed) else {
            return
        }
        logger.notice("the token store works again")
    }

    func noteFailure(_ error: any Error) {
        // A single value that is too large says nothing about the others.
        if (error as? StoreError)?.code != .valueTooLarge { breaker.noteFailure(()) }
        guard !isFailing.exchange(true, ordering: .relaxed) else { return }
        let reason = error is DeadlineExceeded ? "it took too long" : "\(error)"
        logger.warning(
            "the token store fails; authorities are asked instead",
            metadata: ["error": "\(reason)"]
        )
    }
}

extension TokenCacheOptions {
    /// A breaker as these options want one.
    func breaker<Cause>() -> Breaker<Cause> {
        // A clock that somebody can set is no measure of a pause, unless a test put it in the machine's place.
        Breaker(
            threshold: breakerThreshold,
            length: breakerPause,
            clock: clock.isInjected ? clock : .monotonic
        )
    }
}
