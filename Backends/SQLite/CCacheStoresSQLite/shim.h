#ifndef CACHE_STORES_SQLITE_SHIM_H
#define CACHE_STORES_SQLITE_SHIM_H

#include <sqlite3.h>

// What Swift does not import: SQLITE_STATIC and SQLITE_TRANSIENT are macros with a cast, sqlite3_db_config is variadic.

/// Binds bytes that outlive the step.
static inline int cache_stores_bind_borrowed_blob(
    sqlite3_stmt *statement, int index, const void *bytes, int count
) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_STATIC);
}

/// Binds a copy of the bytes.
static inline int cache_stores_bind_copied_blob(
    sqlite3_stmt *statement, int index, const void *bytes, int count
) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// Switches one of the flags of sqlite3_db_config.
static inline int cache_stores_set_flag(sqlite3 *connection, int flag, int on) {
    return sqlite3_db_config(connection, flag, on, (int *)0);
}

#endif
