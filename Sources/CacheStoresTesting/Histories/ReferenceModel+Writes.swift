import CacheStores

extension ReferenceModel {
    func outcomesOfSetting(_ record: Record, asked: Timestamp?) -> [Outcome] {
        let refused = Outcome(response: .evicted(0), model: self)
        let covering = removals.filter { $0.key == nil || $0.key == record.key }
        let forbidding = covering.filter { now < $0.end && forbids($0.moment, asked) }
        if forbidding.contains(where: { !$0.hasPassed }) { return [refused] }
        // Forbidden only if what has passed is remembered, or if several removals are remembered as one.
        guard let moment = covering.map(\.moment).max(), let end = covering.map(\.end).max(),
            now < end, forbids(moment, asked)
        else { return outcomesOfHeeding(record) }
        // Where an expired entry has nothing to remove, the answer does not tell which it was.
        if record.entry.expiry <= now, liveEntry(record.key) == nil { return [refused] }
        var forgetting = self
        forgetting.removals.removeAll { forbidding.contains($0) }
        var remembering = self
        // Refused though only one removal can be the reason: then that one is remembered.
        if covering.count == 1, let index = removals.firstIndex(of: covering[0]) {
            remembering.removals[index].hasPassed = false
        }
        return forgetting.outcomesOfHeeding(record) + [Outcome(response: .evicted(0), model: remembering)]
    }

    private func forbids(_ moment: Timestamp, _ asked: Timestamp?) -> Bool {
        guard let asked else { return true }
        return asked <= moment.advanced(by: .seconds(1))
    }

    /// What may come of a write that rule 8 lets pass.
    private func outcomesOfHeeding(_ record: Record) -> [Outcome] {
        guard now < record.entry.expiry else {
            var after = self
            after.drop(record.key)
            return [Outcome(response: .evicted(0), model: after)]
        }
        return outcomesOfStoring(record)
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

    /// The model without its so many oldest live entries.
    func evictingOldest(_ number: Int, sparing spared: Int?) -> ReferenceModel {
        var after = self
        for victim in live.filter({ $0.key != spared }).prefix(number) { after.drop(victim.key) }
        return after
    }

    mutating func drop(_ key: Int) {
        records.removeAll { $0.key == key }
    }

    mutating func remember(_ key: Int?, _ milliseconds: Int) {
        guard milliseconds > 0 else { return }
        removals.append(Removal(key: key, moment: now, end: now.advanced(by: .milliseconds(milliseconds))))
    }
}
