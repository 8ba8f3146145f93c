import CacheStores
import Foundation

/// Another process for the tests of shared stores: it obeys commands, one a line, and answers each with a line.
@main
enum StoreProcess {
    static func main() async {
        var session = Session()
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            do {
                answer(try await session.obey(words))
            } catch let error as StoreError {
                answer("error \(error.code)")
            } catch {
                answer("error \(error)")
            }
        }
    }

    /// Writes at once: what was answered is known to the test even if this process is killed right after.
    static func answer(_ text: String) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }
}
