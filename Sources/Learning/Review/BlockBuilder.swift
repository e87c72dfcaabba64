import Events
import Features
import Ranking

/// Sorts examples into blocks of an hour of event time, or fewer when an hour has very many.
struct BlockBuilder {
  private let schema: Schema
  private let model: Model?
  private var hours: [Milliseconds: [ExampleBlock]] = [:]
  private var numbers: [[String: UInt32]]
  private var contexts: [String: [String: String]] = [:]
  private var ads: [String: [String: String]] = [:]

  /// Examples of one block at most.
  static let blockCountMax = 5000
  /// Different values of a field that are told apart.
  static let valueCountMax = 4096
  private static let hour: Milliseconds = 3_600_000

  /// - parameter model: whose predictions the labels are compared with; `nil` expects the same of every example.
  init(schema: Schema, model: Model?) {
    self.schema = schema
    self.model = model
    numbers = Array(repeating: [:], count: schema.contextFields.count + schema.adFields.count)
  }

  /// Names of the fields, in the order of ``ExampleBlock/values``.
  static func fieldNames(_ schema: Schema) -> [String] { (schema.contextFields + schema.adFields).map(\.name) }

  /// - parameter isOpen: whether its click window is still open; its id is the impression's then.
  mutating func add(_ example: Example, isOpen: Bool = false) {
    let context = Self.remembered(example.contextText, &contexts)
    let attributes = Self.remembered(example.attributesText, &ads)
    let prediction = model?.probability(context: context, attributes: attributes, slot: example.slot) ?? 1
    let start = example.time - (example.time % Self.hour + Self.hour) % Self.hour
    var blocks = hours[start] ?? []
    if blocks.last.map({ $0.count >= Self.blockCountMax }) ?? true {
      blocks.append(ExampleBlock(time: example.time, fieldCount: numbers.count))
    }
    blocks[blocks.count - 1].add(
      id: isOpen ? 0 : example.id, time: example.time, label: example.label, prediction: prediction,
      codes: codes(context, attributes))
    hours[start] = blocks
  }

  /// The blocks so far, oldest first, and none to begin with; codes stay.
  mutating func take() -> [ExampleBlock] {
    defer { hours = [:] }
    return hours.sorted { $0.key < $1.key }.flatMap(\.value)
  }

  private mutating func codes(_ context: [String: String], _ attributes: [String: String]) -> [UInt32] {
    let values =
      schema.contextFields.map { $0.canonicalValue(context[$0.name]) }
      + schema.adFields.map { $0.canonicalValue(attributes[$0.name]) }
    return values.enumerated().map { field, value in
      let name = value ?? ""
      if let known = numbers[field][name] { return known }
      // The last number stands for all values beyond the limit.
      let number = UInt32(min(numbers[field].count, Self.valueCountMax))
      if numbers[field].count < Self.valueCountMax { numbers[field][name] = number }
      return number
    }
  }

  private static func remembered(_ text: String, _ memory: inout [String: [String: String]]) -> [String: String] {
    if let known = memory[text] { return known }
    if memory.count >= ExampleEncoder.cachedTextCountMax { memory = [:] }
    let values = ExampleEncoder.values(text)
    memory[text] = values
    return values
  }
}
