import Dunning
import Foundation
import Testing

@Suite struct `An identifier` {
    private let moment = Instant(rfc3339: "2026-11-24T14:00:00.123456Z")!

    @Test func `has the bit layout of UUIDv7`() {
        var generator = SplitMix(seed: 1)
        let bytes = withUUIDBytes(ID<Invoice>.make(at: moment, using: &generator).uuid)
        let milliseconds = bytes[0..<6].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(milliseconds == UInt64(moment.microseconds / 1_000))
        #expect(bytes[6] >> 4 == 7)
        #expect(bytes[8] >> 6 == 0b10)
        // 456 microseconds of a millisecond in steps of 1/4096.
        #expect(UInt64(bytes[6] & 0x0F) << 8 | UInt64(bytes[7]) == 456 * 4_096 / 1_000)
    }

    @Test func `is made from the generator it is given`() {
        var first = SplitMix(seed: 9)
        var second = SplitMix(seed: 9)
        let id = ID<Invoice>.make(at: moment, using: &first)
        #expect(id == ID<Invoice>.make(at: moment, using: &second))
        #expect(id != ID<Invoice>.make(at: moment, using: &first))
        #expect(ID<Invoice>.make(at: moment) != ID<Invoice>.make(at: moment))
    }

    @Test func `sorts by the microsecond it was made in, as bytes and as text`() {
        var generator = SplitMix(announcing: "UUIDv7 order")
        for _ in 0..<5_000 {
            let earlier = Instant(microseconds: Int64.random(in: 0...4_000_000_000_000_000, using: &generator))
            let later = earlier.adding(microseconds: Int64.random(in: 1...3_000, using: &generator))
            let a = ID<Message>.make(at: earlier, using: &generator)
            let b = ID<Message>.make(at: later, using: &generator)
            #expect(a < b)
            #expect(a.description < b.description)
            #expect(!(b < a))
        }
    }

    @Test func `survives the way out and back`() {
        var generator = SplitMix(announcing: "base32 round trip")
        for _ in 0..<5_000 {
            let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let id = ID<Customer>(uuid(bytes))
            #expect(id.description.count == 30)
            #expect(ID<Customer>(id.description) == id)
        }
    }

    @Test func `is written in Crockford's letters`() {
        #expect(ID<Invoice>(uuid(Array(repeating: 0, count: 16))).description == "inv_00000000000000000000000000")
        #expect(ID<Invoice>(uuid(Array(repeating: 255, count: 16))).description == "inv_7zzzzzzzzzzzzzzzzzzzzzzzzz")
        #expect(
            ID<Invoice>(UUID(uuidString: "017F22E2-79B0-7CC3-98C4-DC0C0C07398F")!).description
                == "inv_01fwhe4ydgfk1shh6w1g60eecf")
    }

    @Test(arguments: [
        "", "inv", "inv_", "cus_00000000000000000000000000", "inv_0000000000000000000000000",
        "inv_000000000000000000000000000",
        "inv_80000000000000000000000000", "inv_0000000000000000000000000i", "inv_0000000000000000000000000l",
        "inv_0000000000000000000000000o", "inv_0000000000000000000000000u", "inv_0000000000000000000000000A",
        "INV_00000000000000000000000000", "inv-00000000000000000000000000", " inv_00000000000000000000000000",
        "inv_0000000000000000000000000é",
    ])
    func `refuses any other spelling`(text: String) {
        #expect(ID<Invoice>(text) == nil)
    }

    @Test func `is a string in JSON`() throws {
        let id = ID<Enrolment>.make(at: moment)
        let json = try JSONEncoder().encode([id])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(id)\"]")
        #expect(try JSONDecoder().decode([ID<Enrolment>].self, from: json) == [id])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([ID<Invoice>].self, from: json) }
    }

    @Test func `has a prefix of its own for every kind`() {
        let prefixes: [String] = [
            Tenant.idPrefix, Brand.idPrefix, Gateway.idPrefix, Template.idPrefix, TemplateVersion.idPrefix,
            Workflow.idPrefix,
            WorkflowVersion.idPrefix, Customer.idPrefix, Contact.idPrefix, Invoice.idPrefix, Payment.idPrefix,
            LedgerEntry.idPrefix,
            Hold.idPrefix, Enrolment.idPrefix, StepRun.idPrefix, Message.idPrefix,
            Attempt.idPrefix,
            CollectorTask.idPrefix, Import.idPrefix, AuditEvent.idPrefix, APIKey.idPrefix, Dunning.Calendar.idPrefix,
        ]
        #expect(Set(prefixes).count == 22)
        #expect(prefixes.allSatisfy { $0.count == 3 })
    }

    private func uuid(_ b: [UInt8]) -> UUID {
        UUID(
            uuid: (b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15])
        )
    }

    private func withUUIDBytes(_ id: UUID) -> [UInt8] {
        let u = id.uuid
        return [u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15]
    }
}
