/// Why a table can't be read or diagnosed; the description says what to do.
public enum DiagnosisError: Error, Sendable, Equatable {
  case badHeader(String)
  case badRow(row: Int, reason: String)
  case badWindow(String)
  case missingRows(String)
  case badCases(String)
}

extension DiagnosisError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badHeader(let reason): "The header of the revenue table is wrong: \(reason)."
    case .badRow(let row, let reason): "Row \(row) of the revenue table can't be used: \(reason)."
    case .badWindow(let reason): "The window can't be diagnosed: \(reason)."
    case .missingRows(let reason): "The revenue table has too few rows: \(reason)."
    case .badCases(let reason): "The folder of cases can't be read: \(reason)."
    }
  }
}
