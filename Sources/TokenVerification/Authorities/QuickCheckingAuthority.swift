/// An authority that often tells without waiting that an answer that was kept still holds.
///
/// ``TokenAuthority/checkKept(_:)`` is guarded by a timer, which costs a hit more than all else.
package protocol QuickCheckingAuthority: TokenAuthority {
    /// Whether an answer holds, as far as that is known; `false` if ``TokenAuthority/checkKept(_:)`` has to find out.
    func holdsForCertain(_ answer: VerifiedToken) -> Bool
}
