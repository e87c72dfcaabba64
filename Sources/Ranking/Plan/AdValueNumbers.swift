import Catalog
import Features

/// The model's view of a catalog's attributes: for each ad attribute of the schema, the value number of each row.
struct AdValueNumbers {
  /// By ad field: the catalog's codes by row, and the value number of each code, `nil` where the model has none.
  private let columns: [(codes: UnsafeBufferPointer<UInt32>, numbers: [UInt32?])?]

  init(model: Model, catalog: CatalogSnapshot) {
    columns = model.schema.adFields.enumerated().map { index, field in
      guard let column = catalog.column(field.name) else { return nil }
      let numbers = column.values.map { field.canonicalValue($0).flatMap { model.adValues[index].number($0) } }
      return (column.codes, [nil] + numbers)
    }
  }

  /// For each row, the number that `index` has for the values of `fields`, `missing` where it has none.
  ///
  /// A single field is looked up once a distinct value, more fields once a row.
  func map(_ fields: [Int], rowCount: Int, index: KeyIndex, missing: UInt32) -> [UInt32] {
    let columns = fields.map { self.columns[$0] }
    if columns.contains(where: { $0 == nil }) { return Array(repeating: missing, count: rowCount) }
    if columns.count == 1, let column = columns[0] {
      let found = column.numbers.map { (number: UInt32?) -> UInt32 in
        index.number { _ in number }.map { UInt32($0) } ?? missing
      }
      return column.codes.map { found[Int($0)] }
    }
    return (0..<rowCount).map { row in
      index.number { place in columns[place].flatMap { $0.numbers[Int($0.codes[row])] } }.map { UInt32($0) } ?? missing
    }
  }
}
