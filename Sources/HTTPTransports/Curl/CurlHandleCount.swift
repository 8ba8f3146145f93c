import Synchronization

/// Counts the libcurl handles that one transport holds, so that a test can see them all given back.
package final class CurlHandleCount: Sendable {
    package struct Count: Sendable, Hashable {
        package var transfers: Int
        package var multiHandles: Int

        package init(transfers: Int = 0, multiHandles: Int = 0) {
            self.transfers = transfers
            self.multiHandles = multiHandles
        }
    }

    let transfers = Atomic(0)
    let multiHandles = Atomic(0)

    var count: Count {
        Count(
            transfers: transfers.load(ordering: .relaxed),
            multiHandles: multiHandles.load(ordering: .relaxed)
        )
    }
}
