/// Which keys must stay empty until when.
struct Holds {
    private var ends: [CacheKey: Int64] = [:]
    private var everyKeyEnd = Int64.min
    private var sweepSize = 64

    func covers(_ key: CacheKey, at now: Int64) -> Bool {
        if now < everyKeyEnd { return true }
        if ends.isEmpty { return false }
        return ends[key].map { now < $0 } ?? false
    }

    mutating func hold(_ key: CacheKey, until end: Int64, now: Int64) {
        guard end > now else { return }
        // Sweeping whenever the number has doubled costs each hold a constant share.
        if ends.count >= sweepSize {
            ends = ends.filter { now < $0.value }
            sweepSize = max(64, ends.count * 2)
        }
        ends[key] = max(end, ends[key] ?? .min)
    }

    mutating func holdEveryKey(until end: Int64, now: Int64) {
        guard end > now else { return }
        everyKeyEnd = max(end, everyKeyEnd)
    }
}
