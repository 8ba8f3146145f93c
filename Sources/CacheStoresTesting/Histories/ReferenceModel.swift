import CacheStores

/// The contract as plain code: lists that are walked from end to end.
///
/// The contract leaves a store some freedom, so a step has one or several allowed outcomes:
/// - What has expired may be dropped or kept. That shows only when the clock steps back, so the model keeps the
///   dead too, in their places, and when the clock has stepped back it learns from the store which are left.
///   What is left is as it was: value, expiry and place.
/// - A removal that is remembered may be forgotten once its end has passed, or kept. When the clock steps back to
///   before its end, a write that it forbids may have an effect or not; either answer settles it.
/// - Several removals may be remembered as one or each for itself. Where that makes a difference, because the latest
///   moment and the latest end are of different removals, a store may do either.
/// - A lowered capacity may be worked off at any pace, the oldest entries first, but no write adds a net entry.
///   The same goes if more entries come back to life than there is room for. Where rules 2 and 5 disagree (there
///   are more live entries than the lowered capacity allows, and so many dead that one write can't drop them
///   all), a store may do either: evict live entries, or drop some of the dead and let the live increase.
struct ReferenceModel {
    struct Record: Equatable {
        let key: Int
        var entry: HistoryResponse.Entry
    }

    struct Removal: Equatable {
        /// The key that was removed, or `nil`: every key.
        let key: Int?
        let moment: Timestamp
        let end: Timestamp
        /// Whether the clock has stood at or behind the end, so that the removal may be forgotten.
        var hasPassed = false
    }

    /// An answer that the contract allows, and what is then the case.
    struct Outcome {
        let response: HistoryResponse
        let model: ReferenceModel
    }

    var capacity: Int
    /// The most entries, the dead included, that a store has to have: more than `capacity` after lowering it.
    var mostKept: Int
    var now: Timestamp
    /// In the order of insertion; the dead stay until something drops them for certain.
    var records: [Record] = []
    var removals: [Removal] = []

    init(capacity: Int, now: Timestamp) {
        self.capacity = capacity
        mostKept = capacity
        self.now = now
    }

    var live: [Record] { records.filter { now < $0.entry.expiry } }

    var contents: [Int: HistoryResponse.Entry] {
        Dictionary(uniqueKeysWithValues: live.map { ($0.key, $0.entry) })
    }

    func liveEntry(_ key: Int) -> HistoryResponse.Entry? {
        live.first { $0.key == key }?.entry
    }

    /// Everything that the contract allows a store to answer, and to be afterwards.
    ///
    /// Moving the clock back is not among the steps: see ``moveClock(to:)`` and ``settle(seeing:)``.
    func outcomes(of step: HistoryStep) -> [Outcome] {
        switch step {
        case .set(let key, let number, let life, let asked, let before):
            let expiry = now.advanced(by: .milliseconds(life))
            let record = Record(key: key, entry: .init(number: number, expiry: expiry))
            if let before, before <= 0 { return [Outcome(response: .evicted(0), model: self)] }
            return outcomesOfSetting(record, asked: asked.map { now.advanced(by: .milliseconds($0)) })
        case .lookUp(let key):
            return [Outcome(response: .found(liveEntry(key)), model: self)]
        case .remove(let key, let hold):
            var after = self
            after.drop(key)
            after.remember(key, hold)
            return [Outcome(response: .removed(liveEntry(key) != nil), model: after)]
        case .removeAll(let hold):
            var after = self
            after.records = []
            after.mostKept = capacity
            after.remember(nil, hold)
            return [Outcome(response: .done, model: after)]
        case .count:
            return [Outcome(response: .number(live.count), model: self)]
        case .capacity:
            return [Outcome(response: .number(capacity), model: self)]
        case .survey:
            return [Outcome(response: .contents(contents), model: self)]
        case .moveClock(let milliseconds):
            var after = self
            after.moveClock(to: now.advanced(by: .milliseconds(milliseconds)))
            return [Outcome(response: .done, model: after)]
        case .reopen(let capacity):
            var after = self
            after.capacity = capacity ?? self.capacity
            after.mostKept = max(mostKept, after.capacity)
            // Opening may already work off some or all of the excess.
            return (0...max(0, live.count - after.capacity)).map {
                Outcome(response: .done, model: after.evictingOldest($0, sparing: nil))
            }
        }
    }

    /// Moves the clock; whatever has passed by the old or the new reading is marked so.
    mutating func moveClock(to moment: Timestamp) {
        for reading in [now, moment] {
            for index in removals.indices where removals[index].end <= reading {
                removals[index].hasPassed = true
            }
        }
        now = moment
    }

    /// After a step back from `earlier`: drops what was dead then and is not found now.
    mutating func settle(since earlier: Timestamp, seeing found: [Int: HistoryResponse.Entry]) {
        records.removeAll { record in
            let wasDead = record.entry.expiry <= earlier
            let isAlive = now < record.entry.expiry
            return wasDead && isAlive && found[record.key] == nil
        }
    }
}
