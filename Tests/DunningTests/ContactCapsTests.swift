import Dunning
import Testing

@Suite struct `Contact caps` {
    private let caps = ContactCaps.standard
    /// A Monday.
    private let monday = Day("2026-11-23")!

    @Test func `are clear for who was never contacted`() {
        #expect(caps.verdict(on: monday, contacted: []) == .clear)
        #expect(caps.verdict(on: monday, contacted: [monday.adding(-30)]) == .clear)
    }

    @Test func `allow Wednesday at the earliest after a Monday`() {
        #expect(caps.verdict(on: monday, contacted: [monday]) == .spent(until: monday.adding(2)))
        #expect(caps.verdict(on: monday.adding(1), contacted: [monday]) == .spent(until: monday.adding(2)))
        #expect(caps.verdict(on: monday.adding(2), contacted: [monday]) == .clear)
    }

    @Test func `allow three in the seven days that end today`() {
        let contacted = [monday, monday.adding(2), monday.adding(4)]
        #expect(caps.verdict(on: monday.adding(6), contacted: contacted) == .spent(until: monday.adding(7)))
        #expect(caps.verdict(on: monday.adding(7), contacted: contacted) == .clear)
        #expect(caps.verdict(on: monday.adding(5), contacted: contacted) == .spent(until: monday.adding(7)))
    }

    @Test func `count every contact of a day when several are allowed`() {
        let two = ContactCaps(perDay: 2, perWeek: 3, minimumGapDays: 0)!
        #expect(two.verdict(on: monday, contacted: [monday]) == .clear)
        #expect(two.verdict(on: monday, contacted: [monday, monday]) == .spent(until: monday.adding(1)))
        #expect(
            two.verdict(on: monday.adding(1), contacted: [monday, monday, monday.adding(1)])
                == .spent(until: monday.adding(7)))
    }

    @Test func `look ahead too, for a date that a western zone has not reached`() {
        #expect(caps.verdict(on: monday, contacted: [monday.adding(1)]) == .spent(until: monday.adding(3)))
    }

    @Test func `of nothing are refused`() {
        #expect(ContactCaps(perDay: 0, perWeek: 3, minimumGapDays: 2) == nil)
        #expect(ContactCaps(perDay: 1, perWeek: 0, minimumGapDays: 2) == nil)
        #expect(ContactCaps(perDay: 1, perWeek: 1, minimumGapDays: -1) == nil)
        #expect(ContactCaps(perDay: 1, perWeek: 3, minimumGapDays: 2) == .standard)
    }

    @Test func `hold for everyone who only writes when they are clear`() {
        var generator = SplitMix(announcing: "contact caps")
        for _ in 0..<300 {
            let caps = ContactCaps(
                perDay: Int.random(in: 1...3, using: &generator), perWeek: Int.random(in: 1...6, using: &generator),
                minimumGapDays: Int.random(in: 0...4, using: &generator))!
            var contacted = [Day]()
            for _ in 0..<120 {
                let day = monday.adding(Int.random(in: 0...60, using: &generator))
                switch caps.verdict(on: day, contacted: contacted.filter { $0 <= day }) {
                case .clear where contacted.allSatisfy({ $0 <= day }): contacted.append(day)
                case .clear: break
                case .spent(let until):
                    #expect(until > day)
                    #expect(caps.verdict(on: until, contacted: contacted.filter { $0 <= day }) == .clear)
                }
            }
            for day in contacted {
                #expect(contacted.count { $0 == day } <= caps.perDay)
                #expect(contacted.count { (0..<7).contains($0.distance(to: day)) } <= caps.perWeek)
                let others = contacted.filter { $0 != day }
                #expect(others.allSatisfy { abs($0.distance(to: day)) >= caps.minimumGapDays })
            }
        }
    }
}
