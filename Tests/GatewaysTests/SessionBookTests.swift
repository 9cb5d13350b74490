import Foundation
import Testing

@testable import Gateways

@Suite struct `The book of sessions` {
    private let now = ContinuousClock.now

    private func gateway(_ id: UUID = UUID(), version: Int = 1, sessions: Int = 2) -> MailGateway {
        MailGateway(id: id, version: version, host: "h.test", port: 25, ehloName: "w.test", sessions: sessions)
    }

    @Test func `takes gateways in turns, however long one line is`() {
        var book = SessionBook(processCap: 1)
        let greedy = gateway(), modest = gateway()
        let first = book.wait(for: greedy)
        guard case .assign(first, var seat)? = book.decide(at: now).last else { return #expect(Bool(false)) }
        for _ in 1...5 { _ = book.wait(for: greedy) }
        let single = book.wait(for: modest)
        book.release(seat, at: now)
        guard case .assign(_, let next)? = book.decide(at: now).last else { return #expect(Bool(false)) }
        seat = next
        book.release(seat, at: now)
        guard case .assign(let ticket, _)? = book.decide(at: now).last else { return #expect(Bool(false)) }
        #expect(ticket == single, "the modest one waits for one mail of the greedy one, not for five")
    }

    @Test func `uses the latest idle seat again, so that the others age`() {
        var book = SessionBook(processCap: 9)
        let gateway = gateway()
        let tickets = [book.wait(for: gateway), book.wait(for: gateway)]
        let seats = book.decide(at: now).compactMap { decision -> Int? in
            if case .assign(let ticket, let seat) = decision { return tickets.contains(ticket) ? seat : nil }
            return nil
        }
        book.release(seats[1], at: now)
        book.release(seats[0], at: now)
        let third = book.wait(for: gateway)
        #expect(book.decide(at: now) == [.assign(third, seats[0])])
    }

    @Test func `closes idle seats of an outdated version, and busy ones when they are done`() {
        var book = SessionBook(processCap: 9)
        let id = UUID()
        let old = gateway(id, version: 1), new = gateway(id, version: 2)
        _ = book.wait(for: old)
        _ = book.wait(for: old)
        let opened = book.decide(at: now).compactMap { if case .assign(_, let seat) = $0 { seat } else { nil } }
        book.release(opened[0], at: now)
        _ = book.wait(for: new)
        let decisions = book.decide(at: now)
        #expect(decisions.first == .close(opened[0]), "at most two connections to the account, all versions counted")
        book.release(opened[1], at: now)
        #expect(book.decide(at: now) == [.close(opened[1])])
    }

    @Test func `never seats more than it may, whatever happens in which order`() {
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &random)
        print("seed \(seed)")
        var dice = Dice(state: seed)
        var book = SessionBook(processCap: 5)
        let ids = (0..<4).map { _ in UUID() }
        var busy: [Int: Int] = [:], owners: [Int: UUID] = [:], waiting: Set<Int> = []
        for turn in 1...3_000 {
            let moment = now + .milliseconds(100 * turn)
            switch dice.roll(4) {
            case 0, 1:
                let id = ids[dice.roll(4)]
                waiting.insert(book.wait(for: gateway(id, version: dice.roll(3), sessions: 2)))
            case 2:
                if let seat = busy.keys.sorted().first { book.release(seat, at: moment); busy[seat] = nil }
            default:
                if let ticket = waiting.sorted().first, book.withdraw(ticket) { waiting.remove(ticket) }
            }
            for decision in book.decide(at: moment) {
                switch decision {
                case .open(let seat, let gateway):
                    #expect(owners[seat] == nil)
                    owners[seat] = gateway.id
                case .assign(let ticket, let seat):
                    #expect(owners[seat] != nil && busy[seat] == nil)
                    #expect(waiting.remove(ticket) != nil, "a ticket is seated once")
                    busy[seat] = ticket
                case .close(let seat):
                    #expect(busy[seat] == nil, "a busy seat is never closed")
                    #expect(owners.removeValue(forKey: seat) != nil)
                }
            }
            #expect(owners.count <= 5)
            #expect(Dictionary(grouping: owners.values) { $0 }.values.allSatisfy { $0.count <= 2 })
            #expect(book.busyCount == busy.count && book.seatCount == owners.count)
            #expect(
                waiting.isEmpty || !busy.isEmpty || book.nextRested != nil, "nobody waits while nothing happens")
        }
    }

    /// A gateway with a session of its own and a mail more than it can carry, another with one idle session, and no session
    /// left; since when that one is idle, as the book sees it.
    private func crowded() -> (book: SessionBook, idle: Int, waiting: Int) {
        var book = SessionBook(processCap: 2)
        let busy = gateway(), calm = gateway()
        _ = book.wait(for: calm)
        guard case .assign(_, let idle)? = book.decide(at: now).last else { fatalError("no seat") }
        book.release(idle, at: now)
        _ = book.wait(for: busy)
        _ = book.decide(at: now)
        let waiting = book.wait(for: busy)
        return (book, idle, waiting)
    }

    @Test func `waits for its own session rather than have another's closed that was just used`() {
        var (book, idle, waiting) = crowded()
        #expect(book.decide(at: now + .milliseconds(999)).isEmpty)
        #expect(book.nextRested == now + SessionBook.rest, "somebody has to look again")
        guard case .close(idle)? = book.decide(at: now + SessionBook.rest).first else { return #expect(Bool(false)) }
        #expect(book.nextRested == nil && !book.withdraw(waiting), "seated")
    }

    @Test func `has another's session closed at once for a gateway without any`() {
        var (book, idle, _) = crowded()
        _ = book.wait(for: gateway())
        #expect(book.decide(at: now).first == .close(idle))
    }
}

/// Numbers that are the same for the same seed (SplitMix64).
struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((bits ^ (bits >> 31)) % UInt64(sides))
    }
}
