/// What SQLite answered when a call failed.
struct SQLiteFailure: Error {
    /// The extended result code.
    let code: Int32
    /// What the operating system answered to the call beneath, 0 if nothing.
    let systemError: Int32
    /// SQLite's words for the code; they hold no bound value.
    let text: String
}

extension SQLiteFailure: CustomStringConvertible {
    var description: String {
        systemError == 0 ? "SQLite \(code): \(text)" : "SQLite \(code), system error \(systemError): \(text)"
    }
}
