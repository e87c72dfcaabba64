/// Patterns as a tree of their segments, so finding a route takes one dictionary lookup a segment.
struct RouteTree: Sendable {
  private struct Node {
    var literals: [String: Node] = [:]
    /// At most one: what follows a `{parameter}`.
    var parameter: [Node] = []
    var names: [String] = []
    var resource: Resource?
  }

  private var root = Node()

  init(_ endpoints: [Endpoint]) {
    for (pattern, sharing) in Dictionary(grouping: endpoints, by: { Self.shape($0.route.pattern) }) {
      precondition(
        Set(sharing.map(\.method)).count == sharing.count, "two routes share a method and the pattern /\(pattern)")
      Self.insert(Resource(sharing), sharing[0].route.pattern.split(separator: "/").map(String.init)[...], [], &root)
    }
  }

  /// Returns the resource whose pattern matches, with its parameters; nil when none does.
  func resource(_ path: ArraySlice<UInt8>) -> (Resource, [String: String])? {
    guard path.first == UInt8(ascii: "/") else { return nil }
    var segments: [String] = []
    for part in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let segment = PercentEncoding.decode(part, plusIsSpace: false) else { return nil }
      segments.append(segment)
    }
    if segments == [""] { segments = [] }
    return find(segments[...], [], root)
  }

  private func find(_ rest: ArraySlice<String>, _ values: [String], _ node: Node) -> (Resource, [String: String])? {
    guard let segment = rest.first else {
      guard let resource = node.resource else { return nil }
      return (resource, values.isEmpty ? [:] : Dictionary(zip(node.names, values)) { $1 })
    }
    if let next = node.literals[segment], let found = find(rest.dropFirst(), values, next) { return found }
    guard !segment.isEmpty, let next = node.parameter.first else { return nil }
    return find(rest.dropFirst(), values + [segment], next)
  }

  private static func insert(_ resource: Resource, _ rest: ArraySlice<String>, _ names: [String], _ node: inout Node) {
    guard let segment = rest.first else {
      node.resource = resource
      node.names = names
      return
    }
    if let name = parameterName(segment) {
      if node.parameter.isEmpty { node.parameter = [Node()] }
      insert(resource, rest.dropFirst(), names + [name], &node.parameter[0])
    } else {
      insert(resource, rest.dropFirst(), names, &node.literals[segment, default: Node()])
    }
  }

  /// The name between braces; nil for a literal segment.
  static func parameterName(_ segment: some StringProtocol) -> String? {
    segment.hasPrefix("{") && segment.hasSuffix("}") ? String(segment.dropFirst().dropLast()) : nil
  }

  private static func shape(_ pattern: String) -> String {
    pattern.split(separator: "/").map { parameterName($0) == nil ? String($0) : "{}" }.joined(separator: "/")
  }
}
