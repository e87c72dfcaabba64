import Foundation

extension Settings {
  /// The value of every setting by its dotted name, as text; those that are off are missing.
  func values() throws -> [String: String] {
    func leaves(_ value: Any, _ path: String, into values: inout [String: String]) {
      guard let tree = value as? [String: Any] else { return values[path] = "\(value)" }
      for (key, value) in tree {
        let name = SettingName.snakeCase(key)
        leaves(value, path.isEmpty ? name : "\(path).\(name)", into: &values)
      }
    }
    var values: [String: String] = [:]
    leaves(try Self.tree(self), "", into: &values)
    return values
  }
}
