#if Redis
import CacheStoresWaiting

/// Repeats a task every few seconds, and at once after ``hurry()``.
final class Surveyor: Sendable {
    private static let interval: Duration = .seconds(5)

    private let keeper = Keeper(from: .milliseconds(50), to: .seconds(1))
    private let isHurried = AsyncMonitor(false)

    /// - Parameter survey: the task; returns whether it succeeded. A failed one is repeated soon.
    func start(_ survey: @escaping @Sendable () async -> Bool) {
        keeper.start { [isHurried] in
            // Even `hurry()` does not skip the keeper's pause after a survey.
            if await survey() { await Self.rest(unless: isHurried) }
        }
    }

    func hurry() {
        isHurried.withLock { $0 = true }
    }

    func stop() async {
        await keeper.stop()
    }

    func abandon() {
        keeper.abandon()
    }

    private static func rest(unless isHurried: AsyncMonitor<Bool>) async {
        await withTaskGroup { group in
            group.addTask { try? await Task.sleep(for: interval * Double.random(in: 1...1.2)) }
            group.addTask { try? await isHurried.value { $0 ? () : nil } }
            await group.next()
            group.cancelAll()
        }
        isHurried.withLock { $0 = false }
    }
}
#endif
