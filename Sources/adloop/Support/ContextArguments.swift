import ArgumentParser

/// `field=value` arguments.
enum ContextArguments {
  /// The fields by name.
  static func parse(_ arguments: [String]) throws -> [String: String] {
    var context: [String: String] = [:]
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw ValidationError("--context \(argument) must have the form field=value")
      }
      context[parts[0]] = parts[1]
    }
    return context
  }
}
