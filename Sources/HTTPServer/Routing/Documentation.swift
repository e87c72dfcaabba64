/// What the OpenAPI document says of a route beyond its method and pattern.
public struct Documentation: Sendable {
  /// A parameter of the query, of a header, or of the path.
  public struct Parameter: Sendable {
    public enum Place: String, Sendable { case query, header, path }

    public var name: String
    public var place: Place
    public var isRequired: Bool
    public var description: String
    public var schema: JSON

    public init(
      _ name: String, in place: Place = .query, isRequired: Bool = false, description: String = "",
      schema: JSON = ["type": "string"]
    ) {
      self.name = name
      self.place = place
      self.isRequired = isRequired
      self.description = description
      self.schema = schema
    }
  }

  /// One answer: its meaning and, by media type, its schema.
  public struct Answer: Sendable {
    public var status: Int
    public var description: String
    public var content: [String: JSON]

    public init(_ status: Int, _ description: String, content: [String: JSON] = [:]) {
      self.status = status
      self.description = description
      self.content = content
    }
  }

  public var summary: String
  /// Path parameters that are left out are added from the pattern, as strings.
  public var parameters: [Parameter]
  /// The schema of the body by media type; a type that the route accepts and this leaves out takes any body.
  public var body: [String: JSON]
  /// Problems need not be listed: every route has them as its default answer.
  public var answers: [Answer]
  /// Whether the document asks for a bearer token. Asking for it really is the work of a middleware.
  public var needsBearerToken: Bool

  public init(
    summary: String = "", parameters: [Parameter] = [], body: [String: JSON] = [:], answers: [Answer] = [],
    needsBearerToken: Bool = false
  ) {
    self.summary = summary
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.needsBearerToken = needsBearerToken
  }
}
