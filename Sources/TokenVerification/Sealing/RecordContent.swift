package import CacheStores

/// What a record says: an answer, and until when it may be used.
package struct RecordContent: Sendable {
    package let token: VerifiedToken
    package let expiry: Timestamp

    package init(token: VerifiedToken, expiry: Timestamp) {
        self.token = token
        self.expiry = expiry
    }
}
