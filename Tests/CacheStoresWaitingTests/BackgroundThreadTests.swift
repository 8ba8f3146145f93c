import CacheStoresWaiting
import Synchronization
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite(.timeLimit(.minutes(10))) struct BackgroundThreadTests {
    @Test func `runs its body with every signal blocked, and is joined at its end`() async throws {
        let isBlocked = AsyncMonitor<Bool?>(nil)
        let thread = try BackgroundThread {
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            let signals = [SIGPIPE, SIGTERM, SIGINT, SIGUSR1].map { sigismember(&mask, $0) }
            isBlocked.withLock { $0 = signals.allSatisfy { $0 == 1 } }
        }
        #expect(try await isBlocked.value { $0 })
        thread.join()
    }

    @Test func `leaves the signals of the thread that starts it as they were`() throws {
        var (before, after) = (sigset_t(), sigset_t())
        pthread_sigmask(SIG_BLOCK, nil, &before)
        try BackgroundThread {}.join()
        pthread_sigmask(SIG_BLOCK, nil, &after)
        #expect(sigismember(&before, SIGTERM) == sigismember(&after, SIGTERM))
    }
}
