import CacheStores

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A thread for work that blocks.
enum BackgroundThread {
    /// Starts a thread that ends when its body does.
    ///
    /// - Parameter body: what the thread does; released when it returns.
    /// - Throws: `StoreError` if the system can't start a thread.
    static func start(_ body: @escaping @Sendable () -> Void) throws(StoreError) {
        // The box carries the body to the thread, which frees it; if no thread starts, this function does.
        let box = UnsafeMutablePointer<@Sendable () -> Void>.allocate(capacity: 1)
        box.initialize(to: body)
        let code = create(UnsafeMutableRawPointer(box))
        guard code == 0 else {
            box.deinitialize(count: 1)
            box.deallocate()
            throw StoreError(systemError: code, path: "starting a thread of the store")
        }
    }

    private static func create(_ box: UnsafeMutableRawPointer) -> Int32 {
        #if canImport(Darwin)
        var thread: pthread_t?
        let code = pthread_create(&thread, nil, { BackgroundThread.run($0) }, box)
        if let thread { pthread_detach(thread) }
        #else
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { BackgroundThread.run($0) }, box)
        if code == 0 { pthread_detach(thread) }
        #endif
        return code
    }

    private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let box = context?.assumingMemoryBound(to: (@Sendable () -> Void).self) else { return nil }
        let body = box.move()
        box.deallocate()
        body()
        return nil
    }
}
