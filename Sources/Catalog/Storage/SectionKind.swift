/// The parts of a snapshot, in the order in which they lie in a file. Raw values are stored: never reuse one.
///
/// `n` is the number of ads. Numbers are little-endian; texts are UTF-8.
enum SectionKind: UInt32, CaseIterable, Sendable {
  /// n + 1 UInt64: where each id starts in ``identifierBytes``, then where the last one ends.
  case identifierOffsets = 1
  /// All ids, ascending, without separators.
  case identifierBytes = 2
  /// n Float64.
  case bids = 3
  /// n UInt8: 0 active, 1 paused.
  case statuses = 4
  /// UInt32 number of columns; for each its name, a UInt32 number of values, the values. A text is its UInt32 byte
  /// count and its bytes.
  case attributes = 5
  /// For each column n UInt32: 0 for no value, else one more than the value's index.
  case codes = 6
  /// UInt32 number of rules; for each a UInt32 number of conditions, each a UInt8 (1: forbids), the field's name, a UInt32
  /// number of values, the values; then a UInt32 number of windows, each a UInt8 of days, UInt16 start, UInt16 end, the
  /// zone. Rule 0 has neither.
  case rules = 7
  /// n UInt32: index of the ad's rule.
  case ruleIndices = 8
  /// UInt32 number of budgets; for each a UInt8 of flags (1 daily, 2 total, 4 campaign), then what the flags say in
  /// that order: Float64, Float64, text.
  case budgets = 9
  /// n UInt32: 0 for no budget, else one more than the budget's index.
  case budgetIndices = 10
  /// n + 1 UInt64: where each creative starts in ``creativeBytes``, then where the last one ends.
  case creativeOffsets = 11
  /// Creatives: UInt16 byte count of the title, UInt16 of the image's address, title, image, landing page's address.
  case creativeBytes = 12
}
