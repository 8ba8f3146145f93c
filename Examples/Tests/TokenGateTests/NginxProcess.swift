import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// A running nginx with the recipe of `Examples/Proxies/nginx`, of which only the addresses are changed.
final class NginxProcess: Sendable {
    /// Where nginx is, or `nil` where there is none.
    ///
    /// `make test` unpacks the package of Debian.
    static let program: URL? = {
        let places = [
            Repository.root.appending(path: ".build/debian/usr/sbin").path, "/usr/sbin", "/usr/local/bin",
            "/opt/homebrew/bin",
        ]
        return places.map { URL(filePath: $0).appending(path: "nginx") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    let client: Client
    private let process: ChildProcess

    /// Starts one.
    ///
    /// - Parameters:
    ///   - gate: the gate's host and port.
    ///   - app: the app's host and port.
    ///   - scene: where its files are.
    /// - Throws: `TestFailure` if it does not start.
    init(gate: String, app: String, in scene: Scene) async throws {
        let program = try #require(Self.program)
        let recipe = Repository.root.appending(path: "Examples/Proxies/nginx/token-gate.conf")
        let text = try String(contentsOf: recipe, encoding: .utf8)
        // Below the ports that the system gives to clients; another server may have it all the same.
        for _ in 0..<20 {
            let listen = "127.0.0.1:\(Int.random(in: 10_000..<32_000))"
            let directory = URL(filePath: scene.path("nginx-\(listen)"), directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
            let site = text.replacing("127.0.0.1:8000", with: listen).replacing("127.0.0.1:8080", with: gate)
                .replacing("127.0.0.1:9000", with: app)
            try Data((Self.main + site + "}\n").utf8).write(to: directory.appending(path: "nginx.conf"))
            let process = try ChildProcess(
                .installed(program.path),
                ["-p", directory.path, "-e", "stderr", "-c", directory.path + "/nginx.conf"],
                errors: scene.errors()
            )
            let client = try Client("http://" + listen)
            for _ in 0..<100 where process.isRunning {
                if (try? await client.send(.get, "/"))?.head.status == .unauthorized {
                    self.client = client
                    self.process = process
                    return
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            await client.close()
            process.kill()
        }
        throw TestFailure("nginx did not start")
    }

    func stop() async throws {
        await client.close()
        _ = try await process.terminate()
    }

    /// What Debian's own file says, in small.
    private static let main = """
        daemon off;
        pid nginx.pid;
        error_log stderr warn;
        worker_processes 1;
        \(getuid() == 0 ? "user root;" : "")
        events {}
        http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxied;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;

        """
}
