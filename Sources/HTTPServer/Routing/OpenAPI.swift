import Foundation
import HTTPTypes

/// Describes a table of routes as an OpenAPI 3.1 document.
public struct OpenAPI: Sendable {
  public var title: String
  public var version: String
  public var description: String

  public init(title: String, version: String, description: String = "") {
    self.title = title
    self.version = version
    self.description = description
  }

  /// Returns the document as JSON with sorted keys.
  public func document(_ routes: [Route]) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return (try? encoder.encode(value(routes))).map(Array.init) ?? []
  }

  func route(for routes: [Route]) -> Route {
    let pattern = "/openapi.json"
    let documentation = Documentation(
      summary: "This document", answers: [.init(200, "OpenAPI 3.1", content: ["application/json": ["type": "object"]])])
    var route = Route(
      .get, pattern, name: "openapi", cors: true, documentation: documentation, handler: .immediate { _ in .json([]) })
    let body = document(routes + [route])
    route.handler = .immediate { _ in .json(body) }
    return route
  }

  private func value(_ routes: [Route]) -> JSON {
    var paths: [String: [String: JSON]] = [:]
    for route in routes {
      paths[route.pattern, default: [:]][route.method.rawValue.lowercased()] = operation(route)
    }
    return [
      "openapi": "3.1.0",
      "info": ["title": .string(title), "version": .string(version), "description": .string(description)],
      "paths": .object(paths.mapValues { .object($0) }),
      "components": [
        "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer"]],
        "schemas": ["Problem": Self.problem],
      ],
    ]
  }

  private func operation(_ route: Route) -> JSON {
    let documentation = route.documentation
    var operation: [String: JSON] = [
      "operationId": .string(route.name), "summary": .string(documentation.summary),
      "responses": .object(responses(documentation)),
    ]
    let parameters = parameters(route)
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    if !route.accepts.isEmpty {
      let content = route.accepts.map { ($0, JSON.object(["schema": documentation.body[$0] ?? .object([:])])) }
      operation["requestBody"] = ["required": true, "content": .object(Dictionary(content) { $1 })]
    }
    if documentation.needsBearerToken { operation["security"] = [["bearer": []]] }
    return .object(operation)
  }

  private func parameters(_ route: Route) -> [JSON] {
    let written = route.documentation.parameters
    let names = route.pattern.split(separator: "/").compactMap { RouteTree.parameterName($0) }
    let missing = names.filter { name in !written.contains { $0.place == .path && $0.name == name } }
    return
      (missing.map { Documentation.Parameter($0, in: .path, schema: ["type": "string", "minLength": 1]) } + written)
      .map { parameter in
        [
          "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
          "required": .boolean(parameter.isRequired || parameter.place == .path),
          "description": .string(parameter.description), "schema": parameter.schema,
        ]
      }
  }

  private func responses(_ documentation: Documentation) -> [String: JSON] {
    var responses: [String: JSON] = [
      "default": [
        "description": "What is wrong and what to do",
        "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
      ]
    ]
    for answer in documentation.answers {
      var response: [String: JSON] = ["description": .string(answer.description)]
      if !answer.content.isEmpty { response["content"] = .object(answer.content.mapValues { ["schema": $0] }) }
      responses["\(answer.status)"] = .object(response)
    }
    return responses
  }

  private static let problem: JSON = [
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": [
      "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
      "detail": ["type": "string"],
    ],
  ]
}
