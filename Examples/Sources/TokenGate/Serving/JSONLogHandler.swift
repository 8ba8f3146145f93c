import Foundation
package import Logging

/// Writes each event as one line of JSON to standard error.
///
/// The members are `time`, `level`, `logger`, `message`, and those of the metadata, all of them texts.
package struct JSONLogHandler: LogHandler {
    package let label: String
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    package init(label: String, logLevel: Logger.Level) {
        self.label = label
        self.logLevel = logLevel
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        // One write, so that lines of several threads do not mix.
        try? FileHandle.standardError.write(contentsOf: Data(line(event, at: Date()).utf8))
    }

    func line(_ event: LogEvent, at time: Date) -> String {
        var members = metadata.merging(metadataProvider?.get() ?? [:]) { _, own in own }
            .merging(event.metadata ?? [:]) { _, own in own }
            .mapValues { "\($0)" }
        if let error = event.error { members["error"] = "\(error)" }
        // What the line says of itself comes last, and can't be replaced.
        members["time"] = time.ISO8601Format(.iso8601WithTimeZone(includingFractionalSeconds: true))
        members["level"] = event.level.rawValue
        members["logger"] = label
        members["message"] = "\(event.message)"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = (try? encoder.encode(members)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return json + "\n"
    }
}
