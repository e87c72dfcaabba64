/// One attribute of every ad of a snapshot.
///
/// A row's code 0 says that the ad has no value; a code c above 0 stands for `values[c - 1]`.
public struct AttributeColumn: @unchecked Sendable {
  public let name: String
  /// Distinct values, ascending by their UTF-8 bytes.
  public let values: [String]
  /// One code a row; valid as long as the column or its snapshot.
  public let codes: UnsafeBufferPointer<UInt32>
  private let region: Region

  init(name: String, values: [String], codes: UnsafeBufferPointer<UInt32>, region: Region) {
    self.name = name
    self.values = values
    self.codes = codes
    self.region = region
  }

  /// The code of a raw value, `nil` when no ad has it; O(log values).
  public func code(_ value: String) -> UInt32? {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if utf8Precedes(values[middle], value) { low = middle + 1 } else { high = middle }
    }
    return low < values.count && values[low].utf8.elementsEqual(value.utf8) ? UInt32(low + 1) : nil
  }

  /// The raw value in a row, `nil` when the ad has none.
  public func value(_ row: Int) -> String? {
    let code = Int(codes[row])
    return code == 0 ? nil : values[code - 1]
  }
}
