extension ExperimentConfiguration {
  /// Where a new experiment of a layer best begins, so that it can be ramped furthest: at the start of the largest stretch
  /// that no draft or running experiment has, the first of several; 0 when there is none for `share`.
  public func freeStart(layer: String, share: Double) -> Double {
    let taken = experiments.filter { $0.layer == layer && $0.status != .stopped && $0.share > 0 }
      .map { ($0.start, $0.start + $0.share) }.sorted { $0.0 < $1.0 }
    var (best, room, end) = (0.0, 0.0, 0.0)
    for (start, next) in taken + [(1.0, 1.0)] {
      if start - end > room + 1e-12 { (best, room) = (end, start - end) }
      end = max(end, next)
    }
    return share <= room + 1e-9 ? best : 0
  }
}
