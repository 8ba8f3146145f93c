/// Copies of what a store holds, which its notices of change keep right.
package protocol NearCopies: Sendable {
    /// Drops what depends on a changed key.
    func notice(_ key: CacheKey)

    /// Drops everything; from now on every change is noticed.
    func open()

    /// Drops everything; from now on changes go unnoticed.
    func close()
}
