import Catalog
import Foundation
import Testing

@Suite("Lines")
struct LineReaderTests {
  @Test(
    "lines end with LF or CR LF, the last one may end with the text",
    arguments: [
      ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]), ("\n\n", ["", ""]),
      ("\u{FEFF}a\nb", ["a", "b"]), ("a\rb\n", ["a\rb"]), ("\r\n", [""]),
    ])
  func lines(text: String, expected: [String]) throws {
    #expect(try Self.lines(LineReader(Array(text.utf8))) == expected)
  }

  @Test("a line over the limit is reported with its number, and the next one is read")
  func longLine() throws {
    for extra in [0, 1, 400_000] {
      let long = String(repeating: "x", count: LineReader.lineByteCountMax + extra)
      let folder = try TemporaryFolder()
      let reader = try LineReader(folder.write("a\n\(long)\nb\n\(long)", to: "lines"))
      let lines = try Self.lines(reader)
      #expect(lines.count == 4)
      #expect([lines[0], lines[2]] == ["a", "b"])
      #expect(lines[1].hasPrefix("2: the line has more than") == (extra > 0))
      #expect(lines[3].hasPrefix("4: the line has more than") == (extra > 0))
    }
  }

  @Test("lines of any length come out as they went in, plain and from memory", arguments: 0..<10 as Range<UInt64>)
  func randomLines(seed: UInt64) throws {
    var random = RandomAds(seed: seed)
    let lines = (0..<200).map { _ in
      String(repeating: "é", count: random.number(below: random.chance(0.05) ? 100_000 : 300))
    }
    let text = lines.joined(separator: "\n") + "\n"
    let folder = try TemporaryFolder()
    #expect(try Self.lines(LineReader(folder.write(text, to: "lines"))) == lines, "seed \(seed)")
    #expect(try Self.lines(LineReader(Array(text.utf8))) == lines, "seed \(seed)")
  }

  /// "one\ntwo\n" and "three", each a member.
  static let gzip = "H4sIAAAAAAACA8vPS+UqKc/nAgDmC7oSCAAAAB+LCAAAAAAAAgMryShKTQUA9djFRgUAAAA="

  @Test("a gzip file is unpacked whatever its name, all its members")
  func gzip() throws {
    let folder = try TemporaryFolder()
    let packed = try #require(Data(base64Encoded: Self.gzip))
    #expect(try Self.lines(LineReader(folder.write(packed, to: "lines"))) == ["one", "two", "three"])
  }

  @Test("a gzip file that is cut or altered is damaged")
  func damagedGzip() throws {
    let folder = try TemporaryFolder()
    let packed = try #require(Data(base64Encoded: Self.gzip))
    var altered = packed
    altered[packed.count - 6] ^= 1
    for damaged in [packed.dropLast(), packed.prefix(12), packed + Data([7]), altered] {
      let error = #expect(throws: CatalogError.self) {
        try Self.lines(LineReader(folder.write(Data(damaged), to: "lines")))
      }
      #expect(error?.code == .damagedFile)
    }
  }

  @Test("a missing file is inaccessible, and the message names it")
  func missing() {
    let error = #expect(throws: CatalogError.self) { try LineReader(URL(fileURLWithPath: "/nonexistent/x")) }
    #expect(error?.code == .inaccessibleFile)
    #expect(error?.description.hasPrefix("/nonexistent/x: can't be opened") == true)
  }

  /// All lines, failures as their number and reason.
  private static func lines(_ reader: LineReader) throws -> [String] {
    var lines: [String] = []
    while let line = try reader.next() {
      #expect(line.number == lines.count + 1)
      switch line.bytes {
      case .success(let bytes): lines.append(String(decoding: bytes, as: UTF8.self))
      case .failure(let error): lines.append("\(line.number): \(error)")
      }
    }
    return lines
  }
}
