import Features

/// Rows of one or two snapshots, brought together in a given order.
///
/// The result depends on the ads only: dictionaries hold what is used, values sorted, rules and budgets by first row.
struct Gathering {
  let sources: [CatalogSnapshot]
  let order: [RowReference]

  /// A row of one of the sources.
  struct RowReference {
    let source: UInt32
    let row: UInt32
  }

  /// - throws: ``CatalogError`` when the rows together pass a limit of ``CatalogBuilder/Limits``.
  func snapshot() throws(CatalogError) -> CatalogSnapshot {
    let identifiers = packed { sources[$0].identifier($1) }
    let creatives = packed { sources[$0].packedCreative($1) }
    let columns = gatherColumns()
    let rules = renumbered(sources.map(\.targetingRules), TargetingRule()) { sources[$0].targetingRuleIndices[$1] }
    let budgets = renumbered(sources.map { [nil] + $0.budgets }, Budget?.none) { sources[$0].budgetCode($1) }
    try CatalogBuilder.checkRuleCount(rules.elements.count)
    try CatalogBuilder.checkAttributeCount(columns.tables.count)
    return try CatalogSnapshot(
      Sections { kind in
        switch kind {
        case .identifierOffsets: identifiers.offsets
        case .identifierBytes: identifiers.bytes
        case .bids: section { sources[$0].bids[$1] }
        case .statuses: section { sources[$0].isActive($1) ? 0 : 1 as UInt8 }
        case .attributes: Section(encoding: columns.tables)
        case .codes: columns.codes
        case .rules: Section(encoding: rules.elements)
        case .ruleIndices: rules.codes
        case .budgets: Section(encoding: budgets.elements.compactMap(\.self))
        case .budgetIndices: budgets.codes
        case .creativeOffsets: creatives.offsets
        case .creativeBytes: creatives.bytes
        }
      })
  }

  /// One element a row.
  private func section<Element: BitwiseCopyable>(_ element: (Int, Int) -> Element) -> Section {
    Section(count: order.count) { (buffer: UnsafeMutableBufferPointer<Element>) in
      for (index, reference) in order.enumerated() {
        buffer[index] = element(Int(reference.source), Int(reference.row))
      }
    }
  }

  /// One run of bytes a row.
  private func packed(_ part: (Int, Int) -> UnsafeRawBufferPointer) -> (offsets: Section, bytes: Section) {
    var end: UInt64 = 0
    let offsets = Section(count: order.count + 1) { (buffer: UnsafeMutableBufferPointer<UInt64>) in
      for (index, reference) in order.enumerated() {
        end += UInt64(part(Int(reference.source), Int(reference.row)).count)
        buffer[index + 1] = end
      }
    }
    let starts = offsets.elements(as: UInt64.self)
    let bytes = Section(count: Int(end)) { (buffer: UnsafeMutableBufferPointer<UInt8>) in
      let destination = UnsafeMutableRawBufferPointer(buffer)
      for (index, reference) in order.enumerated() {
        let source = part(Int(reference.source), Int(reference.row))
        UnsafeMutableRawBufferPointer(rebasing: destination[Int(starts[index])...]).copyMemory(from: source)
      }
    }
    return (offsets, bytes)
  }

  /// Codes renumbered by first row, with what they stand for; code 0 is kept for `first`.
  private func renumbered<Element: Hashable & Sendable>(
    _ tables: [[Element]], _ first: Element, code: (Int, Int) -> UInt32
  ) -> (elements: [Element], codes: Section) {
    var interner = Interner(first)
    var newCodes = tables.map { [UInt32?](repeating: nil, count: $0.count) }
    let codes = section { source, row in
      let old = Int(code(source, row))
      if let known = newCodes[source][old] { return known }
      let new = interner.code(tables[source][old])
      newCodes[source][old] = new
      return new
    }
    return (interner.elements, codes)
  }

  private func gatherColumns() -> (tables: [(name: String, values: [String])], codes: Section) {
    let names = Set(sources.flatMap { $0.columns.map(\.name) }).sorted(by: utf8Precedes)
    let translations = names.map { name in Translation(sources.map { $0.column(name) }, order) }
      .filter { !$0.values.isEmpty }
    let codes = Section(count: translations.count * order.count) { (buffer: UnsafeMutableBufferPointer<UInt32>) in
      for (index, translation) in translations.enumerated() {
        let part = UnsafeMutableBufferPointer(rebasing: buffer[(index * order.count)...].prefix(order.count))
        translation.write(order, into: part)
      }
    }
    return (translations.map { ($0.name, $0.values) }, codes)
  }

  /// How the codes of one attribute change from each source to the result.
  private struct Translation {
    let name: String
    let values: [String]
    private let columns: [AttributeColumn?]
    private var newCodes: [[UInt32]]

    init(_ columns: [AttributeColumn?], _ order: [RowReference]) {
      self.columns = columns
      name = columns.lazy.compactMap { $0?.name }.first ?? ""
      newCodes = columns.map { [UInt32](repeating: 0, count: ($0?.values.count ?? 0) + 1) }
      for reference in order {
        guard let column = columns[Int(reference.source)] else { continue }
        newCodes[Int(reference.source)][Int(column.codes[Int(reference.row)])] = 1
      }
      var used = Set<ExactText>()
      for (column, marks) in zip(columns, newCodes) {
        guard let column else { continue }
        for (value, mark) in zip(column.values, marks.dropFirst()) where mark == 1 { used.insert(ExactText(value)) }
      }
      let sorted = used.sorted()
      values = sorted.map(\.text)
      let codes = Dictionary(uniqueKeysWithValues: zip(sorted, UInt32(1)...))
      for (source, column) in columns.enumerated() {
        newCodes[source] = [0] + (column?.values ?? []).map { codes[ExactText($0)] ?? 0 }
      }
    }

    func write(_ order: [RowReference], into buffer: UnsafeMutableBufferPointer<UInt32>) {
      for (index, reference) in order.enumerated() {
        guard let column = columns[Int(reference.source)] else { continue }
        buffer[index] = newCodes[Int(reference.source)][Int(column.codes[Int(reference.row)])]
      }
    }
  }
}
