/// The leases: for each key the holder and the end.
struct Leases {
    private var leases: [CacheKey: (holder: LeaseHolder, end: Int64)] = [:]
    private var sweepSize = 64

    mutating func acquire(_ key: CacheKey, as holder: LeaseHolder, until end: Int64, now: Int64) -> Bool {
        if let lease = leases[key], now < lease.end, lease.holder != holder { return false }
        if leases.count >= sweepSize {
            leases = leases.filter { now < $0.value.end }
            sweepSize = max(64, leases.count * 2)
        }
        leases[key] = now < end ? (holder, end) : nil
        return true
    }

    mutating func release(_ key: CacheKey, as holder: LeaseHolder) {
        if leases[key]?.holder == holder { leases[key] = nil }
    }
}
