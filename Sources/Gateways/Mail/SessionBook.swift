import Foundation

/// Who sits where: which mail gets which session, which sessions are opened and closed; no thread and no clock of its own.
///
/// Gateways take turns, so one with a long line cannot keep another from its first session. To open a session takes longer than a
/// mail, and the more with TLS: when the process has no more, a gateway with sessions of its own waits for one of these rather
/// than have another's closed that was used a moment ago.
struct SessionBook {
    typealias Seat = Int
    typealias Ticket = Int
    typealias Moment = ContinuousClock.Instant

    /// Idle for so long, a session may be closed for a gateway that has others.
    static let rest = Duration.seconds(1)

    enum Decision: Equatable {
        case open(Seat, MailGateway)
        case assign(Ticket, Seat)
        case close(Seat)
    }

    private struct Place {
        let gateway: MailGateway
        var isBusy = true
        /// When it was last used, in turns of the book.
        var lastUsed = 0
        var idleSince: Moment
    }

    /// The seats of one gateway, of all its versions together: the relay counts connections of the account.
    private struct Fleet {
        var seats: Set<Seat> = []
        /// In the order of their use: the latest is the first to be used again, so that others can age.
        var idle: [Seat] = []
        /// Not all of its seats have the same version.
        var isMixed = false

        var busyCount: Int { seats.count - idle.count }
    }

    private struct Waiting {
        let ticket: Ticket
        let gateway: MailGateway
    }

    private let processCap: Int
    private var places: [Seat: Place] = [:]
    private var fleets: [UUID: Fleet] = [:]
    private(set) var busyCount = 0
    private var lines: [UUID: [Waiting]] = [:]
    /// Gateways with someone waiting; the first is next.
    private var turns: [UUID] = []
    private var lastNumber = 0
    private var clock = 0
    /// When somebody who waits now may have another's session.
    private(set) var nextRested: Moment?

    init(processCap: Int) {
        self.processCap = max(1, processCap)
    }

    var seatCount: Int { places.count }
    private var waitingCount: Int { lines.values.reduce(0) { $0 + $1.count } }

    /// How many more mails of this gateway could be on the wire at once.
    func free(for gateway: MailGateway) -> Int {
        let own = (fleets[gateway.id]?.busyCount ?? 0) + (lines[gateway.id]?.count ?? 0)
        return max(0, min(gateway.sessions - own, processCap - busyCount - waitingCount))
    }

    mutating func wait(for gateway: MailGateway) -> Ticket {
        lastNumber += 1
        if lines[gateway.id, default: []].isEmpty { turns.append(gateway.id) }
        lines[gateway.id, default: []].append(Waiting(ticket: lastNumber, gateway: gateway))
        return lastNumber
    }

    /// Takes a ticket out of its line; false if it has a seat already.
    mutating func withdraw(_ ticket: Ticket) -> Bool {
        for (id, line) in lines {
            guard let index = line.firstIndex(where: { $0.ticket == ticket }) else { continue }
            lines[id]?.remove(at: index)
            if lines[id]?.isEmpty == true { leave(id) }
            return true
        }
        return false
    }

    mutating func withdrawAll() -> [Ticket] {
        defer {
            lines = [:]
            turns = []
        }
        return lines.values.joined().map(\.ticket)
    }

    mutating func release(_ seat: Seat, at now: Moment) {
        guard var place = places[seat], place.isBusy else { return }
        clock += 1
        (place.isBusy, place.lastUsed, place.idleSince) = (false, clock, now)
        places[seat] = place
        busyCount -= 1
        fleets[place.gateway.id]?.idle.append(seat)
    }

    /// Takes an idle seat away; false if it is busy, or about to be.
    mutating func vacate(_ seat: Seat) -> Bool {
        guard let place = places[seat] else { return true }
        guard !place.isBusy else { return false }
        remove(seat, of: place.gateway.id)
        return true
    }

    mutating func vacateIdle() -> [Seat] {
        let idle = fleets.values.flatMap(\.idle)
        for seat in idle { _ = vacate(seat) }
        return idle
    }

    private mutating func remove(_ seat: Seat, of id: UUID) {
        places[seat] = nil
        fleets[id]?.seats.remove(seat)
        fleets[id]?.idle.removeAll { $0 == seat }
        if fleets[id]?.seats.isEmpty == true { fleets[id] = nil }
    }

    /// Seats whoever can be seated, and closes what only an outdated version could use.
    mutating func decide(at now: Moment) -> [Decision] {
        var decisions: [Decision] = []
        var index = 0
        nextRested = nil
        while index < turns.count {
            let id = turns[index]
            guard let first = lines[id]?.first, let seat = seat(for: first.gateway, at: now, &decisions) else {
                index += 1
                continue
            }
            decisions.append(.assign(first.ticket, seat))
            lines[id]?.removeFirst()
            leave(id)
            if lines[id]?.isEmpty == false { turns.append(id) } else { lines[id] = nil }
            index = 0
            nextRested = nil
        }
        closeOutdated(&decisions)
        return decisions
    }

    private mutating func leave(_ id: UUID) {
        turns.removeAll { $0 == id }
        if lines[id]?.isEmpty == true { lines[id] = nil }
    }

    /// A seat that is the gateway's now, and busy.
    private mutating func seat(for gateway: MailGateway, at now: Moment, _ decisions: inout [Decision]) -> Seat? {
        var fleet = fleets[gateway.id] ?? Fleet()
        guard fleet.busyCount < gateway.sessions else { return nil }
        // It may have fewer sessions than before, when other workers use it, too: idle ones too many are closed.
        while fleet.seats.count > gateway.sessions, let oldest = fleet.idle.first {
            close(oldest, of: gateway.id, &decisions)
            fleet = fleets[gateway.id] ?? Fleet()
        }
        if let own = fleet.idle.last(where: { places[$0]?.gateway.isSameRoute(as: gateway) == true }) {
            fleets[gateway.id]?.idle.removeAll { $0 == own }
            places[own]?.isBusy = true
            busyCount += 1
            return own
        }
        if fleet.seats.count >= gateway.sessions {
            // A full gateway can only give up a seat of its own.
            guard let oldest = fleet.idle.first else { return nil }
            close(oldest, of: gateway.id, &decisions)
        } else if places.count >= processCap {
            guard let oldest = oldestIdle(for: fleet, at: now) else { return nil }
            close(oldest.seat, of: oldest.gateway, &decisions)
        }
        return open(gateway, at: now, &decisions)
    }

    /// The seat that has been idle longest, if it may be closed now for a gateway with these.
    private mutating func oldestIdle(for fleet: Fleet, at now: Moment) -> (seat: Seat, gateway: UUID)? {
        guard busyCount < places.count else { return nil }
        let firsts = fleets.compactMap { id, fleet in fleet.idle.first.map { (seat: $0, gateway: id) } }
        func used(_ seat: Seat) -> Int { places[seat]?.lastUsed ?? 0 }
        guard let oldest = firsts.min(by: { used($0.seat) < used($1.seat) }), let place = places[oldest.seat] else {
            return nil
        }
        let rested = place.idleSince + Self.rest
        guard fleet.seats.isEmpty || rested <= now else {
            nextRested = min(nextRested ?? rested, rested)
            return nil
        }
        return oldest
    }

    private mutating func open(_ gateway: MailGateway, at now: Moment, _ decisions: inout [Decision]) -> Seat {
        lastNumber += 1
        clock += 1
        busyCount += 1
        places[lastNumber] = Place(gateway: gateway, lastUsed: clock, idleSince: now)
        var fleet = fleets[gateway.id] ?? Fleet()
        if fleet.seats.contains(where: { places[$0]?.gateway.version != gateway.version }) { fleet.isMixed = true }
        fleet.seats.insert(lastNumber)
        fleets[gateway.id] = fleet
        decisions.append(.open(lastNumber, gateway))
        return lastNumber
    }

    private mutating func close(_ seat: Seat, of id: UUID, _ decisions: inout [Decision]) {
        remove(seat, of: id)
        decisions.append(.close(seat))
    }

    private mutating func closeOutdated(_ decisions: inout [Decision]) {
        for (id, fleet) in fleets where fleet.isMixed {
            func version(_ seat: Seat) -> Int { places[seat]?.gateway.version ?? 0 }
            let newest = fleet.seats.map(version).max() ?? 0
            for seat in fleet.idle where version(seat) < newest { close(seat, of: id, &decisions) }
            let left = fleets[id]?.seats ?? []
            fleets[id]?.isMixed = left.contains { version($0) < newest }
        }
    }
}
