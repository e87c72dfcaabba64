import Foundation

/// Below, equal to or above 0 as `first` comes before, with or after `second`; a beginning comes before the whole.
func compareBytes(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
  let common = min(first.count, second.count)
  if common > 0, let left = first.baseAddress, let right = second.baseAddress {
    let order = memcmp(left, right, common)
    if order != 0 { return Int(order) }
  }
  return first.count - second.count
}
