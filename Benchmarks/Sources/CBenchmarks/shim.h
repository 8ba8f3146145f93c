#ifndef CBENCHMARKS_SHIM_H
#define CBENCHMARKS_SHIM_H

// The libraries beneath the stores and the transport, as the floors use them: directly.
#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include <sqlite3.h>

// Swift can't call variadic functions, and does not import macros with a cast.

static inline CURLcode benchmarks_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode benchmarks_easy_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode benchmarks_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode benchmarks_easy_set_receiver(CURL *easy, curl_write_callback value) {
    return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, value);
}


static inline CURLcode benchmarks_easy_status(CURL *easy, long *value) {
    return curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, value);
}

/// Binds bytes that outlive the step.
static inline int benchmarks_bind_borrowed_blob(
    sqlite3_stmt *statement, int index, const void *bytes, int count
) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_STATIC);
}

#endif
