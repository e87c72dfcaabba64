import Events
import Testing

@Suite struct DecisionIDTests {
  @Test("an id reads back from its 32 digits, of either case")
  func readsBack() {
    var generator = SystemRandomNumberGenerator()
    let id = DecisionID(time: 1_790_000_000_123, using: &generator)
    #expect(id.description.count == 32)
    #expect(id.time == 1_790_000_000_123)
    #expect(DecisionID(hexadecimal: id.description) == id)
    #expect(DecisionID(hexadecimal: id.description.uppercased()) == id)
    #expect(
      id.bytes.map { UInt($0) }
        == stride(from: 0, to: 32, by: 2).map { index in
          let start = id.description.index(id.description.startIndex, offsetBy: index)
          return UInt(id.description[start...].prefix(2), radix: 16)!
        })
  }

  @Test("known bits make known digits")
  func knownDigits() {
    let id = DecisionID(time: 0x0102_0304_0506, random: 0xFFFF_0708_090A_0B0C_0D0E_0F10)
    #expect(id.description == "0102030405060708090a0b0c0d0e0f10")
  }

  @Test("ids ascend with time, and so does their text")
  func ascends() {
    let early = DecisionID(time: 999, random: .max)
    let late = DecisionID(time: 1000, random: 0)
    #expect(early < late)
    #expect(early.description < late.description)
  }

  @Test(
    "any other text is no id",
    arguments: [
      "", "00", "+1020304050607080900a0b0c0d0e0f1", String(repeating: "g", count: 32),
      "0102030405060708-90a0b0c0d0e0f10", String(repeating: "0", count: 33),
    ])
  func refuses(text: String) {
    #expect(DecisionID(hexadecimal: text) == nil)
  }
}
