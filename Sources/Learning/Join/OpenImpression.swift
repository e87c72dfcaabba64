import Events

/// An impression whose label isn't final.
struct OpenImpression {
  let id: Int64
  let time: Milliseconds
  let received: Milliseconds

  /// Whether nothing that is still to come should change the label: the window has passed in event time and what was
  /// under way has had time to settle, or the window has passed since it was received.
  func isDue(clock: Milliseconds, watermark: Milliseconds, configuration: JoinConfiguration) -> Bool {
    let window = configuration.clickWindow
    if clock &- received > window { return true }
    return watermark &- time > window && clock &- received >= configuration.settleTime
  }
}
