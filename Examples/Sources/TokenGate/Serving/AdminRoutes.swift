import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import TokenVerification
import TokenVerificationHummingbird

/// What those who run a gate ask it.
struct AdminRoutes: Sendable {
    private struct Readiness: Encodable {
        let ready: Bool
        let degraded: [String]
    }

    let monitor: GateMonitor
    /// What the authorities are called.
    let names: [AuthorityIdentity: String]
    /// `nil` where nothing can be forgotten.
    let secret: AdminSecret?

    /// Whether the process runs, and whether it can decide: paths that any listener has, since they tell nothing else.
    func addProbes(to router: Router<BasicVerifiedRequestContext>) {
        router.get("healthz") { _, _ in "ok\n" }
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { _, _ in
            let condition = monitor.cache.condition
            let readiness = Readiness(ready: condition.canDecide, degraded: condition.degraded(names))
            let json = String(decoding: try JSONEncoder.sorted.encode(readiness), as: UTF8.self)
            return Self.response(
                json + "\n",
                "application/json",
                status: condition.canDecide ? .ok : .serviceUnavailable
            )
        }
    }

    /// The paths that tell more, or change something.
    func add(to router: Router<BasicVerifiedRequestContext>) {
        router.get("metrics") { _, _ in
            Self.response(await monitor.report(names).metrics, PrometheusText.contentType)
        }
        router.get("status") { _, _ in
            Self.response(await monitor.report(names).statusPage, "text/html; charset=utf-8")
        }
        guard let secret else { return }
        let handler = ForgetHandler(cache: monitor.cache, secret: secret)
        router.post("forget") { request, context in
            try await handler.respond(to: request, context: context, isRevocation: false)
        }
        router.post("revoke") { request, context in
            try await handler.respond(to: request, context: context, isRevocation: true)
        }
    }

    private static func response(
        _ text: String,
        _ type: String,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

extension JSONEncoder {
    fileprivate static var sorted: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return encoder
    }
}
