import CacheStores
import TokenVerificationTestSupport

/// A store whose notices of change a test gives.
final class NoticingStore: ForwardingStore, InvalidatingStore {
    typealias Value = [UInt8]

    let wrapped: any CacheStore<[UInt8]>
    let notices: AsyncStream<Invalidation>.Continuation

    private let stream: AsyncStream<Invalidation>

    init(_ store: any CacheStore<[UInt8]>) {
        wrapped = store
        (stream, notices) = AsyncStream.makeStream()
    }

    var invalidations: any AsyncSequence<Invalidation, Never> & Sendable { stream }
}
