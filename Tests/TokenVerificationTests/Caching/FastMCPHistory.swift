import Foundation
import HTTPTransports
import HTTPTypes

/// A history, and the outcomes that the real FastMCP had in it; `Tests/FastMCP/histories.py` writes it.
struct FastMCPHistory: Decodable {
    /// A question to the verifier.
    struct Call: Decodable {
        let pause: Int
        let token: String
        let status: Int
        let body: String
        let accepted: [String?]?
        let asked: Bool?

        var reply: HTTPReply {
            let head = HTTPResponse(
                status: .init(code: status),
                headerFields: [.contentType: "application/json"]
            )
            return HTTPReply(head: head, body: Array(body.utf8))
        }
    }

    /// A look-up in the cache or, with a value, a write.
    struct Operation: Decodable {
        let pause: Int
        let token: String
        let value: Int?
        let expiry: Int64?
        let found: Int?
    }

    /// What came of a step.
    enum Outcome: Equatable {
        /// The subject and the client that were accepted, and whether the authority was asked.
        case called(accepted: [String?]?, asked: Bool)
        case found(Int?)
    }

    /// What differs on purpose, if something does.
    let departure: String?
    let timeToLive: Int?
    let capacity: Int?
    let calls: [Call]?
    let operations: [Operation]?
    /// Whether FastMCP refused the figures above.
    let isRefused: Bool?

    /// What FastMCP answered, step by step.
    var outcomes: [Outcome] {
        guard isRefused == nil else { return [] }
        let called = calls?.map { Outcome.called(accepted: $0.accepted, asked: $0.asked ?? false) }
        let found = operations?.filter { $0.value == nil }.map { Outcome.found($0.found) }
        return (called ?? []) + (found ?? [])
    }

    /// The histories of the file that FASTMCP_HISTORIES names, or else the few that were recorded.
    static func all() throws -> [FastMCPHistory] {
        let recorded = URL(filePath: #filePath).appending(path: "../../../FastMCP/recorded.jsonl")
            .standardized
        let file =
            ProcessInfo.processInfo.environment["FASTMCP_HISTORIES"].map { URL(filePath: $0) } ?? recorded
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
            .map { try decoder.decode(FastMCPHistory.self, from: $0) }
    }
}
