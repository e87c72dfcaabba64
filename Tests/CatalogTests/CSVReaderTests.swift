import Catalog
import Foundation
import Testing

@Suite("CSV (RFC 4180)")
struct CSVReaderTests {
  @Test(
    "well-formed records",
    arguments: [
      ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]), ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]),
      ("a,\n,\n", [["a", ""], ["", ""]]), ("\"a,b\",\"c\"\"d\"", [["a,b", "c\"d"]]),
      ("\"a\r\nb\",c\r\n", [["a\r\nb", "c"]]), ("\"\",\"\"\r\n", [["", ""]]), ("\"\"\"\",x", [["\"", "x"]]),
      ("a\n\n\r\nb\n", [["a"], ["b"]]), ("", []), ("\n", []), ("\u{FEFF}a,b", [["a", "b"]]),
      ("\u{FEFF}\"a\",b", [["a", "b"]]), (" a , b ", [[" a ", " b "]]), ("a,\"b\"", [["a", "b"]]), ("a,", [["a", ""]]),
      ("a\rb,c\n", [["a\rb", "c"]]), ("é,🙂\n", [["é", "🙂"]]),
    ])
  func wellFormed(text: String, expected: [[String]]) throws {
    #expect(try records(text) == expected)
  }

  @Test(
    "a malformed record costs its line and no other",
    arguments: [
      "\"x\"y,2", "x\"y\",2", "\"x\" ,2", "x,2,3", "x", "x,\"open", "\"\"\"x,2", "x,\u{0}\"",
    ])
  func malformed(line: String) throws {
    let reader = try CSVReader(Array("a,b\n\"c\nd\",e\n\(line)\nf,g\n".utf8))
    var outcomes: [String] = []
    while let record = try reader.next() {
      outcomes.append("\(record.lineNumber) \((try? record.fields.get().joined(separator: "|")) ?? "bad")")
    }
    #expect(outcomes == ["1 a|b", "2 c\nd|e", "4 bad", "5 f|g"])
  }

  @Test("a field that isn't UTF-8 is reported")
  func encoding() throws {
    let reader = try CSVReader([0x61, 0x2C, 0xFF, 0x0A, 0x62, 0x2C, 0x63])
    #expect(try reader.next()?.fields == .failure(LineError("the record isn't UTF-8; convert the file")))
    #expect(try reader.next()?.fields == .success(["b", "c"]))
  }

  @Test("a record over the limit is reported, and the line after its first is read")
  func longRecord() throws {
    let long = String(repeating: "x", count: CSVReader.recordByteCountMax)
    for bad in ["a,\(long)", "a,\"\(long)\"", "a,\"open"] {
      let tail =
        bad.hasSuffix("open") ? "\n" + Array(repeating: "x,y", count: 300_000).joined(separator: "\n") : "\nx,y"
      let folder = try TemporaryFolder()
      let reader = try CSVReader(folder.write("h,i\n\(bad)\(tail)\n", to: "long.csv"))
      #expect(try reader.next()?.lineNumber == 1)
      let reported = try #require(try reader.next())
      #expect(reported.lineNumber == 2)
      #expect(throws: LineError.self) { try reported.fields.get() }
      let next = try #require(try reader.next())
      #expect(next.lineNumber == 3)
      #expect(next.fields == .success(["x", "y"]))
    }
  }

  @Test("any fields survive being written and read, with either separator", arguments: 0..<30 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = RandomAds(seed: seed)
    let separator: Character = seed.isMultiple(of: 2) ? "," : "\t"
    let alphabet: [String] = ["a", "é", ",", "\t", "\"", "\n", "\r\n", "\r", " ", "🙂", "xyz"]
    let columnCount = 2 + random.number(below: 4)
    let table = (0..<random.number(below: 300)).map { _ in
      (0..<columnCount).map { _ in
        (0..<random.number(below: 8)).map { _ in alphabet[random.number(below: alphabet.count)] }.joined()
      }
    }
    let lineEnd = random.chance(0.5) ? "\n" : "\r\n"
    let text = table.map { record in
      record.map { field in
        let mustQuote = field.utf8.contains { [0x22, 0x0A, 0x0D, separator.asciiValue ?? 0].contains($0) }
        return mustQuote || random.chance(0.2) ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
      }.joined(separator: String(separator)) + lineEnd
    }.joined()
    let folder = try TemporaryFolder()
    let reader = try CSVReader(folder.write(text, to: "table"), separator: separator.asciiValue ?? 0)
    for record in table { #expect(try reader.next()?.fields == .success(record), "seed \(seed)") }
    #expect(try reader.next() == nil, "seed \(seed)")
    #expect(reader.fraction == 1)
  }

  private func records(_ text: String) throws -> [[String]] {
    let reader = try CSVReader(Array(text.utf8))
    var records: [[String]] = []
    while let record = try reader.next() { records.append(try record.fields.get()) }
    return records
  }
}
