/// Does something with every element, by so many tasks at once, each of which has its own share.
func inParallel<Element: Sendable>(
    _ tasks: Int,
    of elements: [Element],
    _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup { group in
        for first in 0..<min(tasks, elements.count) {
            group.addTask {
                for position in stride(from: first, to: elements.count, by: tasks) {
                    try await body(elements[position])
                }
            }
        }
        try await group.waitForAll()
    }
}

/// Gives each of so many tasks its own part of a range.
func inParallel(
    _ tasks: Int,
    over range: Range<Int>,
    _ body: @escaping @Sendable (Range<Int>) async throws -> Void
) async throws {
    let share = range.count / tasks
    try await withThrowingTaskGroup { group in
        for first in stride(from: range.lowerBound, to: range.lowerBound + tasks * share, by: share) {
            group.addTask { try await body(first..<first + share) }
        }
        try await group.waitForAll()
    }
}
