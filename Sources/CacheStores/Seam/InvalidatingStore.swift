/// A store that gives notice of changes, so that copies kept near don't grow stale.
public protocol InvalidatingStore: Sendable {
    /// The changes made by any holder of the store, from the moment of subscription on.
    ///
    /// Each iteration is a subscription of its own. Its first element comes when the subscription stands and is
    /// ``Invalidation/everything``, since nothing is known of what happened before. From then on every change
    /// is reported after it was made; so is a removal that is remembered, even if there was no entry.
    ///
    /// When the subscription is lost the sequence ends: from then on changes go unnoticed, until a new iteration yields
    /// its first element. A new iteration waits, with back-off, for as long as there is no channel; it ends without an
    /// element only if the store was shut down or its task cancelled.
    var invalidations: any AsyncSequence<Invalidation, Never> & Sendable { get }
}
