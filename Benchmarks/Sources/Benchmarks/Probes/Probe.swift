import Foundation

/// What the benchmark does when it is started once more, as a process of its own.
enum Probe: String {
    case entryMemory = "entry-memory"
    case tokenMemory = "token-memory"
    case sharedFile = "shared-file"
    case authority

    /// Measures, and prints the figure; or serves, until it is ended.
    func run(_ arguments: [String]) async throws {
        let number = arguments.first.flatMap { Int($0) }
        switch self {
        case .entryMemory: print(try await MemoryProbe.entry(of: number ?? 1_000_000))
        case .tokenMemory: print(try await MemoryProbe.token(of: number ?? 100_000))
        case .sharedFile: print(try await SharedFileProbe(arguments).operations())
        case .authority:
            guard let port = number.flatMap({ UInt16(exactly: $0) }) else {
                throw BenchmarkError("a port is needed")
            }
            let server = try FixedServer(port: port, body: SampleAnswer.json)
            print("listening")
            fflush(nil)
            server.run()
        }
    }
}
