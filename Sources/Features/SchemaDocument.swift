/// The shape of a `features.yaml`; a key it doesn't know is a decoding error that names it.
struct SchemaDocument: Decodable {
  let context: [Field]
  let ad: [Field]
  let crosses: [[String]]
  let slots: Int

  struct Field: Decodable {
    let name: String
    let buckets: [Bucket]?

    private enum CodingKeys: String, CodingKey, CaseIterable {
      case name
      case buckets
    }

    init(from decoder: any Decoder) throws {
      try decoder.rejectUnknownKeys(besides: CodingKeys.allCases.map(\.stringValue))
      let values = try decoder.container(keyedBy: CodingKeys.self)
      name = try values.decode(String.self, forKey: .name)
      buckets = try values.decodeIfPresent([Bucket].self, forKey: .buckets)
    }
  }

  struct Bucket: Decodable {
    let label: String
    let below: Double?

    private enum CodingKeys: String, CodingKey, CaseIterable {
      case label
      case below
    }

    init(from decoder: any Decoder) throws {
      try decoder.rejectUnknownKeys(besides: CodingKeys.allCases.map(\.stringValue))
      let values = try decoder.container(keyedBy: CodingKeys.self)
      label = try values.decode(String.self, forKey: .label)
      below = try values.decodeIfPresent(Double.self, forKey: .below)
    }
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case context
    case ad
    case crosses
    case slots
  }

  init(from decoder: any Decoder) throws {
    try decoder.rejectUnknownKeys(besides: CodingKeys.allCases.map(\.stringValue))
    let values = try decoder.container(keyedBy: CodingKeys.self)
    context = try values.decodeIfPresent([Field].self, forKey: .context) ?? []
    ad = try values.decodeIfPresent([Field].self, forKey: .ad) ?? []
    crosses = try values.decodeIfPresent([[String]].self, forKey: .crosses) ?? []
    slots = try values.decodeIfPresent(Int.self, forKey: .slots) ?? 0
  }
}

/// Any key of a mapping.
private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init?(stringValue: String) {
    self.stringValue = stringValue
  }

  init?(intValue: Int) { nil }
}

extension Decoder {
  fileprivate func rejectUnknownKeys(besides known: [String]) throws {
    let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    guard let unknown = found.first(where: { !known.contains($0) }) else { return }
    throw DecodingError.dataCorrupted(
      DecodingError.Context(
        codingPath: codingPath,
        debugDescription: "the key '\(unknown)' is unknown, only \(known.joined(separator: ", ")) may be used"))
  }
}
