import CacheStores

extension ReferenceModel {
    func outcomesOfSetting(_ record: Record) -> [Outcome] {
        guard now < record.entry.expiry else {
            var after = self
            after.drop(record.key)
            return [Outcome(response: .evicted(0), model: after)]
        }
        let covering = holds.filter { now < $0.end && ($0.key == nil || $0.key == record.key) }
        if covering.isEmpty { return outcomesOfStoring(record) }
        if covering.contains(where: { !$0.hasPassed }) { return outcomesOfRefusing(record.key) }

        var forgetting = self
        forgetting.holds.removeAll { covering.contains($0) }
        var remembering = self
        // Refused though only one hold can be the reason: then that one is in force.
        if covering.count == 1, let index = holds.firstIndex(of: covering[0]) {
            remembering.holds[index].hasPassed = false
        }
        return forgetting.outcomesOfStoring(record) + remembering.outcomesOfRefusing(record.key)
    }

    private func outcomesOfStoring(_ record: Record) -> [Outcome] {
        var after = self
        if let index = records.firstIndex(where: { $0.key == record.key && now < $0.entry.expiry }) {
            after.records[index] = record
            let kept = Outcome(response: .evicted(0), model: after)
            guard live.count > capacity else { return [kept] }
            // An excess may be worked off on this occasion, the entry itself included or not.
            return [kept]
                + (1...(live.count - capacity)).flatMap { number in
                    [nil, record.key].map { spared in
                        Outcome(
                            response: .evicted(number),
                            model: after.evictingOldest(number, sparing: spared)
                        )
                    }
                }
        }
        after.drop(record.key)
        let mostEvicted = max(0, live.count + 1 - capacity)
        let possiblyDead = min(after.records.count, mostKept) - live.count
        let leastEvicted = possiblyDead > 0 ? 0 : min(1, mostEvicted)
        return (leastEvicted...mostEvicted).map { number in
            var evicted = after.evictingOldest(number, sparing: nil)
            evicted.records.append(record)
            // Working off makes headway with every write.
            evicted.mostKept = max(capacity, mostKept - 1)
            return Outcome(response: .evicted(number), model: evicted)
        }
    }

    /// What may be the case once a hold has refused a write.
    ///
    /// That an entry stands under a hold takes a clock that was put back; whether it outlives the refused write
    /// is left open.
    private func outcomesOfRefusing(_ key: Int) -> [Outcome] {
        let refused = Outcome(response: .evicted(0), model: self)
        guard liveEntry(key) != nil else { return [refused] }
        var after = self
        after.drop(key)
        return [refused, Outcome(response: .evicted(0), model: after)]
    }

    /// The model without its so many oldest live entries.
    func evictingOldest(_ number: Int, sparing spared: Int?) -> ReferenceModel {
        var after = self
        for victim in live.filter({ $0.key != spared }).prefix(number) { after.drop(victim.key) }
        return after
    }

    mutating func drop(_ key: Int) {
        records.removeAll { $0.key == key }
    }

    mutating func hold(_ key: Int?, _ milliseconds: Int) {
        guard milliseconds > 0 else { return }
        holds.append(Hold(key: key, end: now.advanced(by: .milliseconds(milliseconds))))
    }
}
