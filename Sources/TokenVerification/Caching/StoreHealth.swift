import Logging
import Synchronization

/// Whether a cache's store works, so that an outage is logged once and not for every request.
final class StoreHealth: Sendable {
    private let logger: Logger
    private let isFailing = Atomic(false)

    init(logger: Logger) {
        self.logger = logger
    }

    func noteSuccess() {
        guard isFailing.load(ordering: .relaxed), isFailing.exchange(false, ordering: .relaxed) else {
            return
        }
        logger.notice("the token store works again")
    }

    func noteFailure(_ error: any Error) {
        guard !isFailing.exchange(true, ordering: .relaxed) else { return }
        let reason = error is DeadlineExceeded ? "it took too long" : "\(error)"
        logger.warning(
            "the token store fails; authorities are asked instead",
            metadata: ["error": "\(reason)"]
        )
    }
}
