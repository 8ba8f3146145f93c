/// A failed call of SQLite.
struct SQLiteFailure: Error {
    /// The extended result code.
    let code: Int32
    /// The `errno` of the system call beneath, 0 if there is none.
    let systemError: Int32
    /// SQLite's words for the code; they hold no bound value.
    let text: String
}

extension SQLiteFailure: CustomStringConvertible {
    var description: String {
        systemError == 0 ? "SQLite \(code): \(text)" : "SQLite \(code), system error \(systemError): \(text)"
    }
}
