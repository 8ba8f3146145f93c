import CacheStores

/// A removal that is remembered, rightly or as a fault has it.
struct ReferenceRemoval {
    var moment: Timestamp
    var end: Timestamp

    /// Whether a write has no effect because of the removal.
    func forbids(_ asked: Timestamp?, at now: Timestamp, _ fault: Fault?) -> Bool {
        guard now < end || fault == .momentOutlivesRemoval && asked != nil else { return false }
        guard let asked, fault != .answersRefused else { return true }
        return switch fault {
        case .answersAccepted: false
        case .marginDropped: asked <= moment
        case .marginTooWide: asked <= moment.advanced(by: .milliseconds(1_001))
        default: asked <= moment.advanced(by: .seconds(1))
        }
    }

    /// Remembers this removal and one that came before as one.
    func after(_ former: ReferenceRemoval?, _ fault: Fault?) -> ReferenceRemoval {
        guard let former else { return self }
        let moment =
            switch fault {
            case .firstMomentKept: former.moment
            case .momentGoesBack: moment
            default: max(moment, former.moment)
            }
        return ReferenceRemoval(moment: moment, end: fault == .removalShortened ? end : max(end, former.end))
    }
}
