import Dispatch
import Locking

/// The results of `body` for each item, in their order; items are worked on by all cores at once.
///
/// - throws: the error of the first item, in their order, that has one.
func parallel<Item: Sendable, Result: Sendable>(
  _ items: [Item], _ body: @Sendable (Item) throws(LearningError) -> Result
) throws(LearningError) -> [Result] {
  let results = Locked([Swift.Result<Result, LearningError>?](repeating: nil, count: items.count))
  DispatchQueue.concurrentPerform(iterations: items.count) { number in
    let result: Swift.Result<Result, LearningError>
    do throws(LearningError) { result = .success(try body(items[number])) } catch { result = .failure(error) }
    results.withLock { $0[number] = result }
  }
  var values: [Result] = []
  for result in results.withLock({ $0 }) {
    if let result { values.append(try result.get()) }
  }
  return values
}
