package import CacheStores

/// What one process of a fleet left for the others.
package struct SharedRecord: Sendable {
    package let content: [UInt8]
    /// When the question began that the content answers, by the store's clock.
    package let asked: Timestamp
    /// How long ago that is.
    package let age: Duration
}
