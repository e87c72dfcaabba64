import Features
import Foundation
import Testing

@Suite("features.yaml")
struct SchemaFileTests {
  @Test("an empty document is a schema without fields")
  func emptyParts() throws {
    let schema = try Schema(yaml: Data("context: [{name: page}]".utf8))
    #expect(schema.contextFields.map(\.name) == ["page"])
    #expect(schema.adFields.isEmpty)
    #expect(schema.slotCountMax == 0)
  }

  @Test(
    "an unknown key is an error that names it and its place",
    arguments: [
      ("contxt: []", "'contxt'", "the top"),
      ("context: [{name: page, bucket: []}]", "'bucket'", "context.0"),
      ("ad: [{name: a}, {nmae: b}]", "'nmae'", "ad.1"),
      ("ad: [{name: p, buckets: [{label: low, under: 3}, {label: high}]}]", "'under'", "ad.0.buckets.0"),
    ])
  func unknownKeys(yaml: String, key: String, place: String) throws {
    let error = try #require(throws: SchemaError.self) { try Schema(yaml: Data(yaml.utf8)) }
    #expect(error.description.contains("the key \(key) is unknown"))
    #expect(error.description.hasSuffix(" at \(place)"), "\(error)")
  }

  @Test(
    "what is no features file is an error that says why",
    arguments: [
      "", "- a", "context: 3", "context: [{}]", "context: [page]", "slots: two", "context: [", "slots: 1\nslots: 2",
      "crosses: [[a, b]]", "ad: [{name: p, buckets: [{below: 3}]}]",
    ])
  func malformed(yaml: String) throws {
    let error = try #require(throws: SchemaError.self) { try Schema(yaml: Data(yaml.utf8)) }
    #expect(!error.description.isEmpty)
  }

  @Test("a missing file is an error with its path and what to do")
  func missingFile() throws {
    let file = URL(fileURLWithPath: "/nonexistent/features.yaml")
    let error = try #require(throws: SchemaError.self) { try Schema(contentsOf: file) }
    #expect(error.description.contains("/nonexistent/features.yaml"))
    #expect(error.description.contains("--features"))
  }

  @Test("the default schema is sound, crosses context with ad, and its digest is the file's")
  func defaultSchema() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("config/features.yaml")
    let schema = try Schema(contentsOf: file)
    #expect(["device", "page", "country"].allSatisfy { schema.contextIndex($0) != nil })
    #expect(schema.templates.contains { !$0.context.isEmpty && !$0.ad.isEmpty })
    #expect(schema.slotCountMax == 2)
    #expect(schema.sha256 == SHA256.hexadecimal(of: try Data(contentsOf: file)))
    let hour = schema.contextFields[try #require(schema.contextIndex("hour"))]
    #expect(["0", "6", "17", "23"].map(hour.canonicalValue) == ["night", "morning", "afternoon", "evening"])
    let price = schema.adFields[try #require(schema.adIndex("price"))]
    #expect(price.canonicalValue("19.90") == "under-20")
    #expect(price.canonicalValue("500") == "over-500")
  }

  @Test("SHA-256 gives the digests of FIPS 180-4's examples")
  func digests() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(SHA256.hexadecimal(of: Data()) == empty)
    #expect(SHA256.hexadecimal(of: Data("abc".utf8)) == abc)
    #expect(SHA256.digest(of: Data("abc".utf8)).prefix(2) == [0xBA, 0x78])
  }
}
