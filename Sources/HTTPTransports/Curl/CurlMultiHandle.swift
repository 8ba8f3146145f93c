import CHTTPTransportsCurl
import Synchronization

/// Owns libcurl's set of concurrent transfers and their connections; used by one thread at a time.
final class CurlMultiHandle {
    private let pointer: UnsafeMutableRawPointer
    private let handleCount: CurlHandleCount

    /// libcurl must be initialised once, before any other call.
    private static let isLibraryReady: Bool = {
        KeyLogWarning.log()
        return chttp_global_init() == CURLE_OK
    }()

    init(_ configuration: CurlTransport.Configuration, handleCount: CurlHandleCount) throws {
        guard Self.isLibraryReady, let pointer = curl_multi_init() else {
            throw HTTPTransportError.noResources("libcurl can't be initialised")
        }
        self.pointer = pointer
        self.handleCount = handleCount
        handleCount.multiHandles.add(1, ordering: .relaxed)
        let total = configuration.maximumConnections
        try set(CURLMOPT_MAX_TOTAL_CONNECTIONS, total)
        try set(CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maximumConnectionsPerHost)
        // Else libcurl keeps only four for each transfer that runs at the moment.
        try set(CURLMOPT_MAXCONNECTS, total)
    }

    deinit {
        curl_multi_cleanup(pointer)
        handleCount.multiHandles.subtract(1, ordering: .relaxed)
    }

    var waker: CurlWaker { CurlWaker(multi: pointer) }

    func add(_ easy: borrowing CurlEasyHandle) throws {
        guard curl_multi_add_handle(pointer, easy.pointer) == CURLM_OK else {
            throw HTTPTransportError(.connectionFailed, "libcurl refuses the transfer")
        }
    }

    /// Takes a transfer out, wherever it stands; closes its connection unless the response is complete.
    func remove(_ easy: borrowing CurlEasyHandle) {
        _ = curl_multi_remove_handle(pointer, easy.pointer)
    }

    /// Reads and writes as far as possible without waiting.
    ///
    /// - Returns: false if libcurl itself failed.
    func perform() -> Bool {
        var running: Int32 = 0
        return curl_multi_perform(pointer, &running) == CURLM_OK
    }

    /// Waits until a socket is ready, libcurl has something to do, or the waker was called.
    func wait(atMost milliseconds: Int32) {
        guard curl_multi_poll(pointer, nil, 0, milliseconds, nil) != CURLM_OK else { return }
        // Out of memory, most likely: waiting less well is better than spinning.
        _ = curl_multi_wait(pointer, nil, 0, min(milliseconds, 10), nil)
    }

    /// The next transfer that has come to its end, with its outcome.
    func nextCompletion() -> (transfer: CurlTransfer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = CurlTransfer.owner(of: easy)
            else { continue }
            return (transfer, message.pointee.data.result)
        }
        return nil
    }

    private func set(_ option: CURLMoption, _ value: Int) throws {
        guard chttp_multi_set_long(pointer, option, value) == CURLM_OK else {
            throw HTTPTransportError.noResources("libcurl doesn't know an option that is needed")
        }
    }
}
