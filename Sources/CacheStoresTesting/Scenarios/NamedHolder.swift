import CacheStores

/// A holder of leases with a name by which a transcript can speak of it.
struct NamedHolder {
    let name: String
    let holder = LeaseHolder()
}
