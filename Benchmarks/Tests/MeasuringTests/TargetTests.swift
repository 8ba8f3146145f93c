import Measuring
import Testing

@Suite(.timeLimit(.minutes(10))) struct TargetTests {
    @Test func `is met, or not, where the whole interval lies on one side`() {
        let steady = Series([1.5, 1.5, 1.51, 1.5, 1.49, 1.5, 1.5, 1.5, 3])
        #expect(Target.atMost(1.6).verdict(on: steady) == .met)
        #expect(Target.atMost(1.4).verdict(on: steady) == .notMet)
        #expect(Target.atLeast(1.4).verdict(on: steady) == .met)
        #expect(Target.atLeast(1.6).verdict(on: steady) == .notMet)
    }

    @Test func `can't be judged where the median may lie on either side`() {
        let noisy = Series([1, 1.2, 1.4, 1.5, 1.6, 1.7, 1.8, 2, 3])
        #expect(Target.atMost(1.65).verdict(on: noisy) == .tooNoisy)
        #expect(Target.atLeast(1.65).verdict(on: noisy) == .tooNoisy)
    }

    @Test func `counts as missed when it can't be judged`() {
        #expect(Verdict.tooNoisy.isFailure)
        #expect(Verdict.notMet.isFailure)
        #expect(!Verdict.met.isFailure)
        #expect(!Verdict.none.isFailure)
    }
}
