/// Every function of the vector format by its name.
enum Functions {
  typealias Function = @Sendable (Inputs) throws -> any ResultValue
  typealias Table = [String: Function]

  static let all = [distributions, evaluation, drift, experiments, sequential, power, series, rootCause, learning]
    .reduce(into: Table()) { $0.merge($1) { first, _ in first } }
}
