import CacheStores
import TokenVerification
import TokenVerificationTestSupport

/// A store of values that is not known to be in memory.
struct ValueStore: ForwardingStore {
    typealias Value = VerifiedToken

    let wrapped: any CacheStore<VerifiedToken>
}
