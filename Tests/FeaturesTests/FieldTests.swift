import Features
import Testing

@Suite("Canonical values")
struct FieldTests {
  let hour: Field

  init() throws {
    hour = try Field(
      name: "hour",
      buckets: [
        Field.Bucket(label: "night", below: 6), Field.Bucket(label: "day", below: 18),
        Field.Bucket(label: "evening", below: nil),
      ])
  }

  @Test(
    "a number belongs to the bucket whose bounds hold it, the upper one exclusive",
    arguments: [
      ("-1e9", "night"), ("0", "night"), ("5.999", "night"), ("6", "day"), ("6.0", "day"), ("17.99", "day"),
      ("18", "evening"), ("1e300", "evening"),
    ])
  func buckets(raw: String, label: String) {
    #expect(hour.canonicalValue(raw) == label)
  }

  @Test(
    "what isn't a finite decimal number is missing from a numeric field",
    arguments: [
      "", "x", "nan", "inf", "-inf", "1e999", " 7", "7h", "7,5", "night", "0x14", "1p3", "infinity",
    ])
  func missingNumbers(raw: String) {
    #expect(hour.canonicalValue(raw) == nil)
  }

  @Test("a category stands for itself, up to the limit of its length")
  func categories() throws {
    let field = try Field(name: "page")
    #expect(field.canonicalValue("Sports ") == "Sports ")
    #expect(field.canonicalValue(nil) == nil)
    #expect(field.canonicalValue("") == nil)
    let longest = String(repeating: "é", count: Schema.Limits.valueByteCountMax / 2)
    #expect(field.canonicalValue(longest) == longest)
    #expect(field.canonicalValue(longest + "e") == nil)
  }

  @Test(
    "buckets that don't cover every number once are refused",
    arguments: [
      [], [Field.Bucket(label: "a", below: 1)],
      [Field.Bucket(label: "a", below: 2), Field.Bucket(label: "b", below: 2), Field.Bucket(label: "c", below: nil)],
      [Field.Bucket(label: "a", below: nil), Field.Bucket(label: "b", below: nil)],
      [Field.Bucket(label: "a", below: .nan), Field.Bucket(label: "b", below: nil)],
      [Field.Bucket(label: "a", below: .infinity), Field.Bucket(label: "b", below: nil)],
      [Field.Bucket(label: "a", below: 1), Field.Bucket(label: "a", below: nil)],
      [Field.Bucket(label: "", below: 1), Field.Bucket(label: "b", below: nil)],
    ])
  func badBuckets(buckets: [Field.Bucket]) {
    #expect(throws: SchemaError.self) { try Field(name: "price", buckets: buckets) }
  }
}
