import Features
import Testing

@Suite("Schema")
struct SchemaTests {
  @Test("templates are the fields of the context, of the ad, then the crosses, by index whatever the order of names")
  func templates() throws {
    let schema = try schema(
      context: ["device", "page"], ad: ["category"], crosses: [["category", "page"], ["page", "device"]])
    #expect(
      schema.templates == [
        FeatureTemplate(context: [0], ad: []), FeatureTemplate(context: [1], ad: []),
        FeatureTemplate(context: [], ad: [0]), FeatureTemplate(context: [1], ad: [0]),
        FeatureTemplate(context: [0, 1], ad: []),
      ])
    #expect(schema.contextIndex("page") == 1)
    #expect(schema.contextIndex("category") == nil)
    #expect(schema.adIndex("category") == 0)
  }

  @Test(
    "a cross names two different known fields, and each pair once",
    arguments: [
      [["page"]], [["page", "page"]], [["page", "category", "device"]], [["page", "color"]], [[]],
      [["page", "category"], ["category", "page"]],
    ])
  func badCrosses(crosses: [[String]]) {
    #expect(throws: SchemaError.self) { try schema(context: ["device", "page"], ad: ["category"], crosses: crosses) }
  }

  @Test("names are unique over context and ad, and not empty")
  func names() {
    #expect(throws: SchemaError.self) { try schema(context: ["page", "page"], ad: []) }
    #expect(throws: SchemaError.self) { try schema(context: ["page"], ad: ["page"]) }
    #expect(throws: SchemaError.self) { try schema(context: [""], ad: []) }
  }

  @Test("the limits of slots and templates hold, and not one earlier")
  func limits() throws {
    let names = (0..<Schema.Limits.templateCountMax).map { "f\($0)" }
    #expect(try schema(context: names, ad: []).templates.count == names.count)
    #expect(throws: SchemaError.self) { try schema(context: names + ["one more"], ad: []) }
    #expect(try schema(context: [], ad: [], slots: Schema.Limits.slotCountMax).slotCountMax == 100)
    #expect(throws: SchemaError.self) { try schema(context: [], ad: [], slots: Schema.Limits.slotCountMax + 1) }
    #expect(throws: SchemaError.self) { try schema(context: [], ad: [], slots: -1) }
  }

  private func schema(
    context: [String], ad: [String], crosses: [[String]] = [], slots: Int = 0
  ) throws -> Schema {
    try Schema(
      contextFields: context.map { try Field(name: $0) }, adFields: ad.map { try Field(name: $0) }, crosses: crosses,
      slotCountMax: slots, sha256: "")
  }
}
