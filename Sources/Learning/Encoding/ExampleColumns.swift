import Features

/// Examples as columns: for each field the code of every example's value. What is learnt from scratch starts here.
///
/// Which features are made of the values is decided later (``encoded(_:coordinateCountMax:)``), so that crosses can be
/// tried without reading the store again. Four bytes a field of an example.
public struct ExampleColumns: Sendable, Equatable {
  /// The fields, whatever the crosses.
  public let schema: Schema
  /// Values of each context field, then of each ad attribute.
  public internal(set) var values: [ValueCodes]
  /// Codes of each context field, then of each ad attribute; 0 is missing.
  public internal(set) var codes: [[UInt32]]
  public internal(set) var slots: [UInt16] = []
  public internal(set) var labels: [Bool] = []
  /// Ids of the examples in the store, ascending.
  public internal(set) var ids: [Int64] = []

  /// Contexts and attributes that repeat as text are looked at once; the memory starts afresh when it is full.
  private var remembered: [[String: [UInt32]]] = [[:], [:]]

  public init(schema: Schema) {
    self.schema = schema
    let fieldCount = schema.contextFields.count + schema.adFields.count
    values = Array(repeating: ValueCodes(), count: fieldCount)
    codes = Array(repeating: [], count: fieldCount)
  }

  public var count: Int { labels.count }

  /// Adds an example of the store.
  public mutating func append(_ example: Example) {
    append(example.contextText, schema.contextFields, side: 0, offset: 0)
    append(example.attributesText, schema.adFields, side: 1, offset: schema.contextFields.count)
    slots.append(UInt16(clamping: example.slot))
    labels.append(example.label)
    ids.append(example.id)
  }

  /// The examples as coordinates of the features that `schema` makes of the same fields, and what each one means.
  public func encoded(
    _ schema: Schema, coordinateCountMax: Int = FeatureIndex.coordinateCountDefault
  ) -> (index: FeatureIndex, examples: EncodedExamples) {
    var index = FeatureIndex(schema: schema, coordinateCountMax: coordinateCountMax, fields: values)
    let places = schema.templates.map { index.fieldNumbers(of: $0) }
    var examples = EncodedExamples(exampleCount: count, coordinateCount: count * (places.count + 2))
    var row: [UInt32] = []
    for number in 0..<count {
      row.removeAll(keepingCapacity: true)
      row.append(FeatureIndex.intercept)
      for (template, fields) in places.enumerated() {
        let second = fields.count > 1 ? codes[fields[1]][number] : nil
        if let coordinate = index.coordinate(template: template, codes[fields[0]][number], second) {
          row.append(coordinate)
        }
      }
      if let slot = index.coordinate(ofSlot: Int(slots[number])) { row.append(slot) }
      examples.append(row, label: labels[number])
    }
    return (index, examples)
  }

  private mutating func append(_ text: String, _ fields: [Field], side: Int, offset: Int) {
    let known = remembered[side][text] ?? remember(text, fields, side: side, offset: offset)
    for (place, code) in known.enumerated() { codes[offset + place].append(code) }
  }

  private mutating func remember(_ text: String, _ fields: [Field], side: Int, offset: Int) -> [UInt32] {
    let members = ExampleEncoder.values(text)
    let found = fields.enumerated().map { values[offset + $0].code(members[$1.name], of: $1) ?? 0 }
    if remembered[side].count >= ExampleEncoder.cachedTextCountMax { remembered[side] = [:] }
    remembered[side][text] = found
    return found
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.schema == right.schema && left.values == right.values && left.codes == right.codes
      && left.slots == right.slots && left.labels == right.labels && left.ids == right.ids
  }
}
