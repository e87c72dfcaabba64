import Statistics

/// What a cross could add to predictions that exist already: its weights alone are learnt, one pass, on top of them.
///
/// A sieve, not a verdict: pairs of values share 2^``slotBits`` weights by a hash, and the gain is that of one pass.
struct CrossScreen: Sendable {
  private static let slotBits = 18
  private static let parameters = FTRLProximal.Parameters(alpha: 0.1, beta: 1, l1: 0, l2: 2.5)

  let columns: ExampleColumns
  let numbers: [Int]
  /// Log-odds of the examples `numbers` by models that didn't learn them.
  let logits: [Double]

  /// By how many nats the cross of two fields lowers the loss of all examples, each predicted before it is learnt.
  func gain(_ first: Int, _ second: Int) -> Double {
    var states = [FTRLProximal.Coordinate](repeating: .init(), count: 1 << Self.slotBits)
    var gain = 0.0
    for (place, number) in numbers.enumerated() {
      let (left, right) = (columns.codes[first][number], columns.codes[second][number])
      guard left != 0, right != 0 else { continue }
      let key = (UInt64(left) << 32 | UInt64(right)) &* 0x9E37_79B9_7F4A_7C15
      let slot = Int(truncatingIfNeeded: ((key ^ (key >> 29)) &* 0xBF58_476D_1CE4_E5B9) >> UInt64(64 - Self.slotBits))
      let label = columns.labels[number]
      let weight = states[slot].weight(Self.parameters)
      let logit = logits[place] + weight
      if weight != 0 { gain += Logistic.loss(z: logits[place], label: label) - Logistic.loss(z: logit, label: label) }
      states[slot].update(gradient: Logistic.slope(z: logit, label: label), weight: weight, Self.parameters)
    }
    return gain
  }
}
