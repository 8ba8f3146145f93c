import CBenchmarks

/// A request by libcurl's blocking interface, on a connection that is kept.
///
/// `@unchecked Sendable` because a row's contenders take turns, so one task at a time uses it.
final class CurlRequest: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer
    private let fields: UnsafeMutablePointer<curl_slist>?

    /// Prepares a `POST`, with the fields that an introspection has.
    init(_ url: String, body: String) throws {
        guard let handle = curl_easy_init() else { throw BenchmarkError("libcurl has no memory") }
        self.handle = handle
        fields = SampleAnswer.fields.reduce(nil) { curl_slist_append($0, "\($1.0): \($1.1)") }
        let codes = [
            benchmarks_easy_set_string(handle, CURLOPT_URL, url),
            benchmarks_easy_set_string(handle, CURLOPT_COPYPOSTFIELDS, body),
            benchmarks_easy_set_list(handle, CURLOPT_HTTPHEADER, fields),
            benchmarks_easy_set_long(handle, CURLOPT_NOSIGNAL, 1),
            benchmarks_easy_set_string(handle, CURLOPT_PROXY, ""),
            benchmarks_easy_set_receiver(handle) { _, size, count, _ in size * count },
        ]
        guard codes.allSatisfy({ $0 == CURLE_OK }) else { throw BenchmarkError("libcurl refuses an option") }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(fields)
    }

    /// Sends the request, and waits for the whole answer.
    func send() throws {
        var status = 0
        guard curl_easy_perform(handle) == CURLE_OK,
            benchmarks_easy_status(handle, &status) == CURLE_OK, status == 200
        else { throw BenchmarkError("the request failed") }
    }
}
