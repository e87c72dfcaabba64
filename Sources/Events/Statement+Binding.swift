import GRDB

extension Statement {
  /// Runs the statement with the given values, bound one after the other: half the time of an array of arguments.
  ///
  /// Values must match the statement's parameters in number.
  package func execute<each Value: StatementBinding>(binding values: repeat each Value) throws {
    setUncheckedArguments(StatementArguments())
    var index: CInt = 0
    for value in repeat each values {
      index += 1
      let code = value.bind(to: sqliteStatement, at: index)
      guard code == 0 else {
        throw DatabaseError(
          resultCode: ResultCode(rawValue: code), message: "value \(index)", sql: sql)
      }
    }
    try execute()
  }
}
