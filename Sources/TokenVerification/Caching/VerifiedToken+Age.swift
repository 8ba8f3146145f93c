import CacheStores

extension VerifiedToken {
    /// Whether the question began recently enough, and the token has not expired since.
    ///
    /// An answer from the future is believed up to a minute: clocks differ.
    func isUsable(forMilliseconds life: Int64, at now: Timestamp) -> Bool {
        let age = now.millisecondsSince1970 - verifiedAt.millisecondsSince1970
        guard age < life, age >= -60_000 else { return false }
        guard let expiry else { return true }
        return now < expiry
    }
}
