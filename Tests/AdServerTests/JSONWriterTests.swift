import Foundation
import Statistics
import Testing

@testable import AdServer

@Suite("JSON of the hot path")
struct JSONWriterTests {
  @Test("what is written reads back the same, whatever the text")
  func roundTrip() throws {
    for seed in UInt64(1)...200 {
      var generator = SeededGenerator(seed: seed)
      let text = String(
        (0..<20).compactMap { _ in Unicode.Scalar(UInt32(generator.nextUniform() * 0x300)).map(Character.init) })
      var json = JSONWriter()
      json.object { json in
        json.member(named: text, text)
        json.key("list")
        json.array { json in
          json.value(text)
          json.value(true)
          json.value(7)
        }
      }
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any], "seed \(seed)")
      #expect(object[text] as? String == text, "seed \(seed)")
      let list = try #require(object["list"] as? [Any], "seed \(seed)")
      #expect(list[0] as? String == text && list[1] as? Bool == true && list[2] as? Int == 7, "seed \(seed)")
    }
  }

  @Test("a number reads back to the same bits")
  func exactNumbers() throws {
    var generator = SeededGenerator(seed: 1)
    let numbers = (0..<1000).map { _ in generator.nextNormal() * generator.nextLogNormal(logMean: 0, logDeviation: 20) }
    var json = JSONWriter()
    json.array { json in for number in numbers { json.value(number) } }
    #expect(try JSONDecoder().decode([Double].self, from: Data(json.bytes)) == numbers)
  }

  @Test("numbers that JSON lacks become null")
  func nullForNonFinite() {
    var json = JSONWriter()
    json.array { json in
      json.value(Double.nan)
      json.value(-Double.infinity)
    }
    #expect(String(decoding: json.bytes, as: UTF8.self) == "[null,null]")
  }
}
