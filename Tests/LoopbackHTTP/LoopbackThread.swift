import Foundation

/// Starts the server's threads; a thread pool could be exhausted by answers that stall.
enum LoopbackThread {
    static func start(_ body: @escaping @Sendable () -> Void) {
        Thread(block: body).start()
    }
}
