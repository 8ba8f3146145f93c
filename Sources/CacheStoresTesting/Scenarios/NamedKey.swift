import CacheStores

/// A key with a name by which a transcript can speak of it.
struct NamedKey: Hashable {
    let name: String
    let key: CacheKey

    /// Names keys `A` to `Z` and then by number.
    init(_ number: Int, _ key: CacheKey) {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        name = letters.indices.contains(number) ? String(letters[number]) : "key \(number)"
        self.key = key
    }
}
