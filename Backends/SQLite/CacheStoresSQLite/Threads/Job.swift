/// Something that a thread is to do for a caller.
protocol Job: Sendable {
    var claim: any Claim { get }
}
