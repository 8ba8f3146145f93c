import Synchronization

/// Counts what one transport holds of the system, so that a test can see it all given back.
package final class CurlCensus: Sendable {
    package struct Count: Sendable, Hashable {
        package var transfers: Int
        package var multiHandles: Int
        package var sockets: Int

        package init(transfers: Int = 0, multiHandles: Int = 0, sockets: Int = 0) {
            self.transfers = transfers
            self.multiHandles = multiHandles
            self.sockets = sockets
        }
    }

    let transfers = Atomic(0)
    let multiHandles = Atomic(0)
    let sockets = Atomic(0)

    package var count: Count {
        Count(
            transfers: transfers.load(ordering: .relaxed),
            multiHandles: multiHandles.load(ordering: .relaxed),
            sockets: sockets.load(ordering: .relaxed)
        )
    }
}
