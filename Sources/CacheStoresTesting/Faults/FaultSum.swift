import CacheStores

/// What the faults of one operation come to.
struct FaultSum {
    private(set) var delay = Duration.zero
    private(set) var error: StoreError.Code?
    /// Whether a write or a removal is lost, or a read stale.
    private(set) var isLie = false
    private(set) var lateness = Duration.zero
    private(set) var losesAnswer = false

    init(_ faults: [StoreFault]) {
        for fault in faults {
            switch fault.kind {
            case .delay(let duration): delay += duration
            case .error(let code): error = error ?? code
            case .lostWrite, .lostRemoval, .staleRead: isLie = true
            case .lateAnswer(let duration): lateness += duration
            case .lostAnswer: losesAnswer = true
            }
        }
    }
}
