import CacheStoresTesting

/// What a store does wrong that claims to have an ability.
enum AbilityFault: CaseIterable, Sendable {
    case leasesToAnybody
    case leasesForEver
    case leaseFractionDropped
    case leaseHeldAtItsEnd
    case prolongingRefused
    case prolongingIgnored
    case releasedByAnybody
    case releaseIgnored
    case leasesTakePlaces
    case leasesFallWithEverything
    case removalsKeepLeasesAway
    case leasesCrossSpaces
    case leasesInTwoSteps
    case leasesAfterShutdown
    case markedForEver
    case marksGoBack
    case markLifeShrinks
    case passedMarksCount
    case passedEndsErase
    case marksTakePlaces
    case marksFallWithEverything
    case marksFallWithEntries
    case marksCrossSpaces
    case marksOutOfOrder
    case marksAfterShutdown
    case marksEndWithProcess
    case marksInTwoSteps
    case marksSweptEarly
    case marksUnreported

    /// The ability that the store does not have.
    var ability: StoreContract.Ability {
        switch self {
        case .leasesToAnybody, .leasesForEver, .leaseFractionDropped, .leaseHeldAtItsEnd, .prolongingRefused,
            .prolongingIgnored, .releasedByAnybody, .releaseIgnored, .leasesTakePlaces,
            .leasesFallWithEverything, .removalsKeepLeasesAway, .leasesCrossSpaces, .leasesInTwoSteps,
            .leasesAfterShutdown:
            .leasing
        default: .marking
        }
    }
}
