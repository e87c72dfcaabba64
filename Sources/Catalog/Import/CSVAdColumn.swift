/// What one column of a CSV catalog says about an ad.
enum CSVAdColumn: Hashable {
  case id
  case bid
  case status
  case budget
  case title
  case image
  case url
  case targeting(String)
  case attribute(String)

  static let targetingPrefix = "targeting."
  static let valueSeparator: Character = "|"

  init(_ name: String) {
    switch name {
    case "id": self = .id
    case "bid": self = .bid
    case "status": self = .status
    case "budget": self = .budget
    case "title": self = .title
    case "image": self = .image
    case "url": self = .url
    case _ where name.hasPrefix(Self.targetingPrefix):
      self = .targeting(String(name.dropFirst(Self.targetingPrefix.count)))
    default: self = .attribute(name)
    }
  }

  /// The columns that a header names.
  ///
  /// - throws: ``CatalogError`` when id or bid is missing, a column appears twice or has no name.
  static func columns(header: [String]) throws(CatalogError) -> [CSVAdColumn] {
    let columns = header.map(Self.init)
    for required in ["id", "bid"] where !header.contains(required) {
      throw CatalogError(
        .foreignFile,
        "the first line has no column '\(required)'; a CSV catalog begins with a header such as "
          + "id,bid,category,targeting.country,title,image,url")
    }
    for (index, name) in header.enumerated() {
      guard !name.isEmpty, name != targetingPrefix else {
        throw CatalogError(.foreignFile, "column \(index + 1) has no name; name it in the first line")
      }
      guard !columns[..<index].contains(columns[index]) else {
        throw CatalogError(.foreignFile, "the column '\(name)' appears twice; rename or remove one")
      }
    }
    return columns
  }
}

extension Ad {
  /// The ad of one CSV record; empty fields say nothing. A budget is a number, the amount a day, or as in NDJSON.
  init(columns: [CSVAdColumn], fields: [String]) throws(CatalogError) {
    self.init(id: "", bid: .nan)
    for (column, field) in zip(columns, fields) where !field.isEmpty {
      switch column {
      case .id: id = field
      case .bid: bid = try Self.amount(field, name: "the bid")
      case .status: status = try Status(text: field)
      case .budget: budget = try Self.budget(field)
      case .title: creative.title = field
      case .image: creative.image = field
      case .url: creative.url = field
      case .targeting(let name):
        try targeting.set(name, csv: field)
      case .attribute(let name): attributes[name] = field
      }
    }
    guard !id.isEmpty else { throw CatalogError(.invalidAd, "the id is missing; give every ad one") }
    guard !bid.isNaN else { throw CatalogError(.invalidAd, "the bid is missing; give it in currency units a click") }
  }

  private static func amount(_ text: String, name: String) throws(CatalogError) -> Double {
    guard let amount = Double(text), !amount.isNaN else {
      throw CatalogError(.invalidAd, "\(name) is '\(text.prefix(32))', which isn't a number; write it like 1.25")
    }
    return amount
  }

  private static func budget(_ text: String) throws(CatalogError) -> Budget {
    guard text.hasPrefix("{") else { return Budget(daily: try amount(text, name: "the budget")) }
    let json: JSONValue
    do { json = try JSONValue(parsing: Array(text.utf8)[...]) } catch {
      throw CatalogError(.invalidAd, "the budget is \(error.description)")
    }
    var budget = Budget()
    try budget.merge(json)
    return budget
  }
}
