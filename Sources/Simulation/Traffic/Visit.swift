import Events
import Statistics

/// One page view: what is true of it, and what the page tells the server.
struct Visit {
  let person: Person
  let page: Int
  let time: Milliseconds
  /// What the visitor does with the ads is drawn from it.
  var chance: SeededGenerator
  let view: PageView
  /// The faults that touch it.
  let faults: ActiveFaults
  let isKept: Bool
  /// Machines that follow it.
  let botCount: Int

  /// - parameter context: the true context of the page view.
  init(
    person: Person, page: Int, time: Milliseconds, chance: SeededGenerator, context: [String: String],
    faults schedule: FaultSchedule
  ) {
    self.person = person
    self.page = page
    self.time = time
    var chance = chance
    faults = schedule.active(at: time, context: context)
    view = PageView(user: person.id, context: faults.sent(context), time: time)
    isKept = chance.nextUniform() >= faults.lostViewShare
    let bots = faults.botViewsPerView
    botCount = Int(bots) + (chance.nextUniform() < bots - bots.rounded(.down) ? 1 : 0)
    self.chance = chance
  }

  /// The visit of a machine that looks like this one's.
  func bot(_ number: Int, faults schedule: FaultSchedule) -> Visit {
    var chance = chance
    for _ in 0...number { chance = SeededGenerator(seed: chance.next()) }
    let machine = Int(chance.nextUniform() * Double(Self.machineCount))
    let bot = Person(
      number: -1 - machine, id: "m\(machine)", country: person.country, device: person.device, browser: person.browser,
      interest: person.interest, leaning: person.leaning, visitsPerDay: 0, buying: 0, habit: .bot)
    return Visit(machine: bot, of: self, chance: chance)
  }

  private init(machine: Person, of visit: Visit, chance: SeededGenerator) {
    person = machine
    page = visit.page
    time = visit.time
    self.chance = chance
    faults = visit.faults
    view = PageView(user: machine.id, context: visit.view.context, time: visit.time)
    isKept = true
    botCount = 0
  }

  /// Machines that a burst comes from.
  private static let machineCount = 50
}
