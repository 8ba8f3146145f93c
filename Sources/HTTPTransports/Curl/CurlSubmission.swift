/// A call, and the task that waits for its reply.
struct CurlSubmission: Sendable {
    let call: CurlCall
    let continuation: CheckedContinuation<CurlReply, any Error>
}
