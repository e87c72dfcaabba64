import Catalog
import Testing

@Suite("JSON")
struct JSONValueTests {
  @Test(
    "values are what they say, numbers as they are written",
    arguments: [
      ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)), ("-0.10e+05", .number("-0.10e+05")),
      ("0", .number("0")), ("12345678901234567890", .number("12345678901234567890")), (#""""#, .string("")),
      (#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude42é""#, .string("a\"\\/\u{8}\u{C}\n\r\té🙂é")), ("[]", .array([])),
      ("[1,[2]]", .array([.number("1"), .array([.number("2")])])), ("{ }", .object([])),
      (#"{"a" : {"b":[]}}"#, .object([.init(name: "a", value: .object([.init(name: "b", value: .array([]))]))])),
    ] as [(String, JSONValue)])
  func values(text: String, expected: JSONValue) throws {
    #expect(try JSONValue(parsing: Array(text.utf8)[...]) == expected)
  }

  @Test(
    "what RFC 8259 doesn't allow is refused",
    arguments: [
      "", " ", "nul", "tru", "True", "+1", "01", "1.", ".5", "1e", "-", "0x1", "NaN", "[1,]", "[1 2]", "[", "]", "{",
      "}",
      #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{"a":1 "b":2}"#, #"{"a":1,"a":1}"#, #"""#, #""a"#, "\"\n\"",
      #""\x""#,
      #""\u12""#, #""\u12g4""#, #""\ud83d""#, #""\ude42""#, #""\ud83d\u0041""#, "1 2", "{} {}", "'a'", "\u{FEFF}1",
    ])
  func refusals(text: String) {
    #expect(throws: LineError.self) { try JSONValue(parsing: Array(text.utf8)[...]) }
  }

  @Test("texts that aren't UTF-8 are refused")
  func encoding() {
    #expect(throws: LineError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    #expect(throws: LineError.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E, 0xC3, 0x22]) }
  }

  @Test("nesting stops at the limit, so that no text can overflow the stack")
  func depth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
    }
    #expect(throws: Never.self) { try JSONValue(parsing: nested(JSONValue.Limits.depthMax + 1)[...]) }
    #expect(throws: LineError.self) { try JSONValue(parsing: nested(JSONValue.Limits.depthMax + 2)[...]) }
    #expect(throws: LineError.self) { try JSONValue(parsing: nested(1_000_000)[...]) }
  }

  @Test("no bytes whatever make the parser leave its bounds", arguments: 0..<50 as Range<UInt64>)
  func mutations(seed: UInt64) throws {
    var random = RandomAds(seed: seed)
    var bytes = random.ad(id: "é\"").json
    for _ in 0..<200 {
      bytes[random.number(below: bytes.count)] = UInt8(random.number(below: 256))
      _ = try? JSONValue(parsing: bytes.prefix(random.number(below: bytes.count + 1)))
    }
  }
}
