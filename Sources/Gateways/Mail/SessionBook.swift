import Foundation

/// Who sits where: which mail gets which session, which sessions are opened and closed; no thread and no clock.
///
/// Gateways take turns, so one with a long line cannot keep another from its first session.
struct SessionBook {
    typealias Seat = Int
    typealias Ticket = Int

    enum Decision: Equatable {
        case open(Seat, MailGateway)
        case assign(Ticket, Seat)
        case close(Seat)
    }

    private struct Place {
        let gateway: MailGateway
        var isBusy = false
        /// When it was last used, in turns of the book; the latest is the first to be used again, so others can age.
        var lastUsed = 0
    }

    private struct Waiting {
        let ticket: Ticket
        let gateway: MailGateway
    }

    private let processCap: Int
    private var places: [Seat: Place] = [:]
    private var lines: [UUID: [Waiting]] = [:]
    /// Gateways with someone waiting; the first is next.
    private var turns: [UUID] = []
    private var lastNumber = 0
    private var clock = 0

    init(processCap: Int) {
        self.processCap = max(1, processCap)
    }

    var busyCount: Int { places.values.count { $0.isBusy } }
    var seatCount: Int { places.count }
    private var waitingCount: Int { lines.values.reduce(0) { $0 + $1.count } }

    /// How many more mails of this gateway could be on the wire at once, counting all its versions together: the relay
    /// counts connections of the account.
    func free(for gateway: MailGateway) -> Int {
        let own = places.values.count { $0.isBusy && $0.gateway.id == gateway.id } + (lines[gateway.id]?.count ?? 0)
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

    mutating func release(_ seat: Seat) {
        clock += 1
        places[seat]?.isBusy = false
        places[seat]?.lastUsed = clock
    }

    /// Takes an idle seat away; false if it is busy, or about to be.
    mutating func vacate(_ seat: Seat) -> Bool {
        guard let place = places[seat] else { return true }
        guard !place.isBusy else { return false }
        places[seat] = nil
        return true
    }

    mutating func vacateIdle() -> [Seat] {
        let idle = places.filter { !$0.value.isBusy }.map(\.key)
        for seat in idle { places[seat] = nil }
        return idle
    }

    /// Seats whoever can be seated, and closes what only an outdated version could use.
    mutating func decide() -> [Decision] {
        var decisions: [Decision] = []
        var index = 0
        while index < turns.count {
            let id = turns[index]
            guard let first = lines[id]?.first, let seat = seat(for: first.gateway, &decisions) else {
                index += 1
                continue
            }
            places[seat]?.isBusy = true
            decisions.append(.assign(first.ticket, seat))
            lines[id]?.removeFirst()
            leave(id)
            if lines[id]?.isEmpty == false { turns.append(id) } else { lines[id] = nil }
            index = 0
        }
        closeOutdated(&decisions)
        return decisions
    }

    private mutating func leave(_ id: UUID) {
        turns.removeAll { $0 == id }
        if lines[id]?.isEmpty == true { lines[id] = nil }
    }

    private mutating func seat(for gateway: MailGateway, _ decisions: inout [Decision]) -> Seat? {
        guard giveUp(beyond: gateway.sessions, of: gateway.id, &decisions) else { return nil }
        let idle = places.filter { !$0.value.isBusy }
        if let own = idle.filter({ $0.value.gateway.isSameRoute(as: gateway) }).max(by: {
            $0.value.lastUsed < $1.value.lastUsed
        }) {
            return own.key
        }
        let isFull = places.values.count { $0.gateway.id == gateway.id } >= gateway.sessions
        if isFull || places.count >= processCap {
            // A full gateway can only give up a seat of its own; otherwise the one that has been idle longest goes.
            let candidates = isFull ? idle.filter { $0.value.gateway.id == gateway.id } : idle
            guard let oldest = candidates.min(by: { $0.value.lastUsed < $1.value.lastUsed }) else { return nil }
            places[oldest.key] = nil
            decisions.append(.close(oldest.key))
            if isFull, places.values.count(where: { $0.gateway.id == gateway.id }) >= gateway.sessions { return nil }
        }
        lastNumber += 1
        clock += 1
        places[lastNumber] = Place(gateway: gateway, lastUsed: clock)
        decisions.append(.open(lastNumber, gateway))
        return lastNumber
    }

    /// A gateway may have fewer sessions than before, when other workers use it, too: idle ones too many are closed. False when
    /// as many as it may have are busy.
    private mutating func giveUp(beyond sessions: Int, of id: UUID, _ decisions: inout [Decision]) -> Bool {
        let own = places.filter { $0.value.gateway.id == id }
        guard own.values.count(where: \.isBusy) < sessions else { return false }
        let idle = own.filter { !$0.value.isBusy }.sorted { $0.value.lastUsed < $1.value.lastUsed }
        for (seat, _) in idle.prefix(max(0, own.count - sessions)) {
            places[seat] = nil
            decisions.append(.close(seat))
        }
        return true
    }

    private mutating func closeOutdated(_ decisions: inout [Decision]) {
        for (seat, place) in places where !place.isBusy {
            let newest = places.values.filter { $0.gateway.id == place.gateway.id }.map(\.gateway.version).max()
            guard let newest, newest > place.gateway.version else { continue }
            places[seat] = nil
            decisions.append(.close(seat))
        }
    }
}
