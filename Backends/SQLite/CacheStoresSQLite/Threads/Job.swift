/// Work that a thread does for a pending call.
protocol Job: Sendable {
    var claim: any Claim { get }
}
