import Dispatch
import Synchronization

/// Holds answers back until it is opened; it stays open.
public final class LoopbackGate: Sendable {
    private let isOpen = Atomic(false)
    private let group = DispatchGroup()

    public init() {
        group.enter()
    }

    /// A gate that is still closed opens itself, so that no thread is left behind.
    deinit {
        open()
    }

    public func open() {
        guard !isOpen.exchange(true, ordering: .acquiringAndReleasing) else { return }
        group.leave()
    }

    /// Blocks the calling thread; the server's threads may.
    func wait() {
        _ = group.wait(timeout: .now() + .seconds(60))
    }
}
