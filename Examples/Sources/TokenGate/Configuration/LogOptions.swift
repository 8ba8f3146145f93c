package import Logging

/// How a gate logs.
package struct LogOptions: Sendable, Equatable {
    package enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    package var level = Logger.Level.notice
    package var format = Format.text
    /// Whether each request to `/verify` is logged.
    package var hasAccessLog = false

    /// A handler that writes lines of this format to standard error.
    package func handler(label: String) -> any LogHandler {
        switch format {
        case .text:
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        case .json: return JSONLogHandler(label: label, logLevel: level)
        }
    }
}
