/// Who takes turns in being measured: ours, and what it is measured against.
package struct Contest: Sendable {
    let contenders: [Contender]
    let end: @Sendable () async -> Void

    /// - Parameters:
    ///   - ours: the product.
    ///   - others: what it is compared with; the first is the one that the comparison is made with.
    ///   - end: lets go of what was prepared.
    package init(
        _ ours: Contender,
        _ others: Contender...,
        end: @escaping @Sendable () async -> Void = {}
    ) {
        contenders = [ours] + others
        self.end = end
    }
}
