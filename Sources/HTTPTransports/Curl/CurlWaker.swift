import CHTTPTransportsCurl

/// Interrupts the thread's wait from any thread.
///
/// `@unchecked Sendable`: `curl_multi_wakeup` is the one call that libcurl allows from every thread while the handle
/// lives. The queue calls it under its lock, and lets go of it under the same lock before the handle is freed.
struct CurlWaker: @unchecked Sendable {
    let multi: UnsafeMutableRawPointer

    func wake() {
        // It can fail only where the pipe is full or gone: in both cases the thread is awake.
        _ = curl_multi_wakeup(multi)
    }
}
