/// Payloads that a store has discarded, kept until the locks are open again.
///
/// One write discards three at the most: two that expired, and the one that it replaces or evicts.
struct Discarded {
    private var first: (any Payload)?
    private var second: (any Payload)?
    private var third: (any Payload)?

    /// Takes over a slot's reference.
    mutating func take(_ payload: Unmanaged<any Payload>) {
        let object = payload.takeRetainedValue()
        if first == nil {
            first = object
        } else if second == nil {
            second = object
        } else {
            third = object
        }
    }
}
