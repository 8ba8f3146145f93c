import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A thread for work that blocks.
///
/// The owner joins it, or detaches it by letting go: the system keeps a record of it until then.
package final class BackgroundThread: Sendable {
    /// The system refuses another thread.
    package struct StartError: Error {
        /// The system's error number.
        package let code: Int32
    }

    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }
    }

    /// `nil` once the thread was joined.
    private let handle: Mutex<Handle?>

    /// Runs the body on a new thread.
    ///
    /// The thread takes no signals: they belong to the program, and a `SIGPIPE` from a connection that the peer closed
    /// would end the process.
    package init(_ body: sending @escaping () -> Void) throws(StartError) {
        // The reference is taken back by the thread, or here if there is none.
        let work = Unmanaged.passRetained(Work(body))
        var every = sigset_t()
        var former = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, &former)
        defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let status = pthread_create(&thread, nil, { BackgroundThread.run($0) }, work.toOpaque())
        guard status == 0, let handle = Handle(thread) else {
            work.release()
            throw StartError(code: status)
        }
        self.handle = Mutex(handle)
    }

    deinit {
        handle.withLock { handle in
            if let thread = handle?.thread {
                pthread_detach(thread)
            }
        }
    }

    /// Blocks until the thread is gone; to be called when its body is known to have ended.
    ///
    /// The body is not the end: libraries free what they keep for a thread after it, and a process that exits at that
    /// moment would free the same things a second time.
    package func join() {
        handle.withLock { handle in
            if let thread = handle?.thread {
                pthread_join(thread, nil)
            }
            handle = nil
        }
    }

    private static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
}

extension BackgroundThread {
    /// `@unchecked Sendable`: a number or pointer that names the thread, valid on every thread until it was joined or
    /// detached, which its owner does once and under a lock.
    private struct Handle: @unchecked Sendable {
        let thread: pthread_t

        init?(_ thread: pthread_t?) {
            guard let thread else { return nil }
            self.thread = thread
        }
    }
}
