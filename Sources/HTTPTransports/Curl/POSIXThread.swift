#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Starts threads of the system.
enum POSIXThread {
    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }
    }

    /// Runs the body on a new detached thread; the body says itself when it ends.
    ///
    /// The thread takes no signals: those are the program's business, and a `SIGPIPE` from a connection that the
    /// peer closed would end the process.
    static func start(_ body: sending @escaping () -> Void) throws {
        // The reference is taken back by the thread, or here if there is none.
        let work = Unmanaged.passRetained(Work(body))
        var every = sigset_t()
        var former = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        #if canImport(Darwin)
        var thread: pthread_t?
        let status = pthread_create(&thread, nil, { POSIXThread.run($0) }, work.toOpaque())
        guard status == 0, let thread else {
            work.release()
            throw HTTPTransportError.invalidRequest("the system refuses another thread")
        }
        #else
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { POSIXThread.run($0) }, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw HTTPTransportError.invalidRequest("the system refuses another thread")
        }
        #endif
        pthread_detach(thread)
    }

    private static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
}
