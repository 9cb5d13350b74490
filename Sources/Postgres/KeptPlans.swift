/// The statements one session of the server has prepared for us, and how old their plans may be.
///
/// Most statements of ours are short, and planning them costs more than running them: a prepared one is planned a few times and
/// then no more. Plans made while tables were empty would stay until somebody analyzes them, so all are made anew now and then.
struct KeptPlans {
    /// Whether statements are prepared at all.
    let isAllowed: Bool
    private var names: Set<String> = []
    private var freshUntil = ContinuousClock.now + lifetime

    private static let lifetime = Duration.seconds(5)

    init(isAllowed: Bool) { self.isAllowed = isAllowed }

    func has(_ query: Query) -> Bool { names.contains(query.name) }

    mutating func add(_ query: Query) { names.insert(query.name) }

    /// Whether it is time to forget them; asked, it counts as done.
    mutating func isStale(at now: ContinuousClock.Instant = .now) -> Bool {
        guard isAllowed, now >= freshUntil else { return false }
        freshUntil = now + Self.lifetime
        return true
    }
}
