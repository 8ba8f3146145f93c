/// The figures that the contract of ``CacheStore`` fixes for every store.
///
/// ``CacheStore`` publishes them on each store type; code beneath a store type reads them here.
package enum ContractFigures {
    package static var defaultCapacity: Int { 10_000 }
    package static var maximumValueSize: Int { 1 << 20 }
    package static var removalMargin: Duration { .seconds(1) }
}
