import CacheStores
import Synchronization

extension AbleStore: MarkingStore {
    func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws {
        try checkIsOpen(.marksAfterShutdown)
        defer { report(key) }
        if fault == .marksTakePlaces { try await takePlace(for: key) }
        let now = clock.now
        if fault == .marksSweptEarly {
            let early = now.advanced(by: .seconds(1))
            marks.state.withLock { state in state.marks = state.marks.filter { early < $0.value.end } }
        }
        if fault == .marksInTwoSteps {
            let former = marks.state.withLock { $0.marks[key] }
            await Task.yield()
            if let former, now < former.end {
                marks.state.withLock { $0.marks[key] = (max(moment, former.moment), max(end, former.end)) }
                return
            }
        }
        marks.state.withLock { state in
            guard now < end else {
                if fault == .passedEndsErase { state.marks[key] = nil }
                return
            }
            guard let mark = state.marks[key], now < mark.end || fault == .passedMarksCount else {
                state.marks[key] = (moment, end)
                return
            }
            state.marks[key] = (
                fault == .marksGoBack ? moment : max(moment, mark.moment),
                fault == .markLifeShrinks ? end : max(end, mark.end)
            )
        }
    }

    func marks(for keys: [CacheKey]) async throws -> [Timestamp?] {
        try checkIsOpen(.marksAfterShutdown)
        let now = clock.now
        let found = marks.state.withLock { state in
            keys.map { key in
                state.marks[key].flatMap { now < $0.end || fault == .markedForEver ? $0.moment : nil }
            }
        }
        return fault == .marksOutOfOrder ? found.reversed() : found
    }
}
