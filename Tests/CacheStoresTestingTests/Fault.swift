import CacheStoresTesting

/// What a deliberately broken store does wrong.
enum Fault: CaseIterable, Sendable {
    case liveAtExpiry
    case immediateLookupOfTheDead
    case quickLookupMisses
    case oneTooMany
    case firstTwoUncounted
    case lookupsReorder
    case newestEvicted
    case overwritingMovesToTail
    case overwritingEvicts
    case oldestEvictedBeforeTheDead
    case settingExpiredIgnored
    case settingExpiredEvicts
    case removalUndone
    case removalNotRemembered
    case removalShortened
    case removeAllNotRemembered
    case removalOfWrongLength
    case removalFractionDropped
    case negativeLengthForgets
    case removeAllFractionDropped
    case answersRefused
    case answersAccepted
    case marginDropped
    case marginTooWide
    case firstMomentKept
    case momentGoesBack
    case wideMomentIgnored
    case momentOutlivesRemoval
    case lateWritesAccepted
    case lateByOne
    case refusedWriteRemoves
    case lateWriteRemoves
    case timeUnknown
    case clockReadBeforeLock
    case removeAllCrossesSpaces
    case worksAfterShutdown
    case foreignErrors
    case cancellationIgnored
    case limitIgnored
    case recordedCapacityIgnored
    case zeroCapacityRecorded
    case negativeCapacityAccepted
    case largeValuesAccepted
    case allDeadDroppedAtOnce
    // Faults that show only with several tasks at once.
    case tornWrites
    case removalsLost
    case overshootByOne

    /// The rule that it breaks, and the first under which it is caught.
    var rule: StoreContract.Rule {
        switch self {
        case .liveAtExpiry, .immediateLookupOfTheDead, .quickLookupMisses: .expiredIsAbsent
        case .oneTooMany, .firstTwoUncounted, .overshootByOne: .exactBound
        case .lookupsReorder, .newestEvicted: .firstInFirstOut
        case .overwritingMovesToTail, .overwritingEvicts: .overwritingKeepsPlace
        case .oldestEvictedBeforeTheDead: .deadGoFirst
        case .settingExpiredIgnored, .settingExpiredEvicts: .settingExpired
        case .removalUndone, .tornWrites, .removalsLost: .atomicity
        case .removalNotRemembered, .removalShortened, .removeAllNotRemembered, .removalOfWrongLength,
            .removalFractionDropped,
            .negativeLengthForgets, .removeAllFractionDropped, .answersRefused, .answersAccepted,
            .marginDropped,
            .marginTooWide, .firstMomentKept, .momentGoesBack, .wideMomentIgnored, .momentOutlivesRemoval,
            .lateWritesAccepted, .lateByOne, .refusedWriteRemoves, .lateWriteRemoves, .timeUnknown,
            .clockReadBeforeLock:
            .rememberedRemovals
        case .removeAllCrossesSpaces: .scope
        case .worksAfterShutdown, .foreignErrors, .cancellationIgnored, .limitIgnored: .failure
        case .recordedCapacityIgnored, .zeroCapacityRecorded, .negativeCapacityAccepted: .capacity
        case .largeValuesAccepted: .capacity
        case .allDeadDroppedAtOnce: .cost
        }
    }
}
