import Foundation
import Postgres
import Testing

@testable import struct Postgres.ArrayLiteral
@testable import struct Postgres.CivilDay

@Suite struct `Values as text` {
    @Test(arguments: [
        ("2026-11-24 14:00:00.123456+00", 1_795_528_800_123_456),
        ("2026-11-24 19:30:00.123456+05:30", 1_795_528_800_123_456),
        ("2026-11-24 06:00:00.1-08", 1_795_528_800_100_000),
        ("1970-01-01 00:00:00+00", 0),
        ("1969-12-31 23:59:59.999999+00", -1),
        ("1900-01-01 00:00:00+00:53:28", -2_208_992_008_000_000),
        ("0001-01-01 00:00:00+00 BC", -62_167_219_200_000_000),
    ])
    func `a timestamp is read with any offset`(text: String, microseconds: Int64) throws {
        #expect(try Timestamp(postgresText: text).microseconds == microseconds)
    }

    @Test(arguments: [
        "infinity", "-infinity", "", "2026-11-24", "2026-11-24 14:00:00", "2026-02-30 14:00:00+00",
        "2026-11-24 24:00:00+00",
        "2026-11-24 14:00:00.+00", "2026-11-24 14:00:00+00 x", "2026-11-24 14:00:00+00 BCE", "0000-01-01 00:00:00+00",
        "294276-12-31 00:00:00+00", "2026-11-24 14:00:00.1234567+00", "2026-13-01 00:00:00+00", "26-11-24 14:00:00+00",
    ])
    func `what is no timestamp is refused`(text: String) {
        #expect(throws: PostgresError.self) { try Timestamp(postgresText: text) }
    }

    @Test(arguments: [
        (1_795_528_800_123_456, "2026-11-24 14:00:00.123456+00"),
        (-1, "1969-12-31 23:59:59.999999+00"),
        (1_000, "1970-01-01 00:00:00.001000+00"),
        (-62_167_219_200_000_000, "0001-01-01 00:00:00+00 BC"),
    ])
    func `a timestamp is written in UTC`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).postgresText == text)
    }

    @Test(arguments: ["infinity", "2026-02-29", "2026-1-01", "2026-01-01 ", "01/02/2026", "2026-00-10", "2026-04-31"])
    func `what is no date is refused`(text: String) {
        #expect(throws: PostgresError.self) { try CivilDate(postgresText: text) }
    }

    @Test func `each day follows the one before for a thousand years`() throws {
        var expected = try #require(CivilDay(year: 1600, month: 1, day: 1))
        for number in expected.daysSince1970...(expected.daysSince1970 + 365_242) {
            #expect(CivilDay(daysSince1970: number) == expected)
            expected =
                CivilDay(year: expected.year, month: expected.month, day: expected.day + 1)
                ?? CivilDay(year: expected.year, month: expected.month + 1, day: 1)
                ?? CivilDay(year: expected.year + 1, month: 1, day: 1) ?? expected
        }
        #expect(expected == CivilDay(year: 2600, month: 1, day: 1))
    }

    @Test(arguments: [
        ("{}", []), ("{1,2}", ["1", "2"]),
        (#"{"a b","say \"no\"","back\\slash"}"#, ["a b", #"say "no""#, #"back\slash"#]),
        (#"{"NULL",""}"#, ["NULL", ""]), ("[0:1]={a,b}", ["a", "b"]), (#"{"{}",","}"#, ["{}", ","]),
    ])
    func `an array literal is read`(text: String, elements: [String]) throws {
        #expect(try [String](postgresText: text) == elements)
    }

    @Test(arguments: [
        "", "{", "{a", "{a,}", "{,a}", "{NULL}", "{1,NULL}", "{{1},{2}}", "{a}b", #"{"a}"#, #"{"a"b}"#, "a", #"{"a\"#,
    ])
    func `what is no array of one dimension without NULL is refused`(text: String) {
        #expect(throws: PostgresError.self) { try [String](postgresText: text) }
    }

    @Test func `a literal is quoted where it has to be and read back the same`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of the array literals: \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let elements = generator.list { $0.text() }
            #expect(try ArrayLiteral(parsing: ArrayLiteral(elements).text).elements == elements)
        }
        #expect(["null", "NULL", "", "a b", "1", "-1.5e3"].postgresText == #"{"null","NULL","","a b",1,-1.5e3}"#)
    }

    @Test func `an id is written and read as Foundation does it`() throws {
        for _ in 0..<2_000 {
            let id = UUID()
            #expect(id.postgresText == id.uuidString.lowercased())
            #expect(try UUID(postgresText: id.postgresText) == id)
            #expect(try UUID(postgresText: id.uuidString) == id)
        }
    }

    @Test(arguments: [
        "", "0", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdef0",
        "0123456789ab-cdef-0123-4567-89abcdef", "01234567-89ab-cdef-0123-456789abcdeg",
        "0123456-789ab-cdef-0123-456789abcdef", "{1234567-89ab-cdef-0123-456789abcde}",
        "01234567-89ab-cdef-0123-456789abcdé", "01234567 89ab cdef 0123 456789abcdef",
    ])
    func `what is no id is refused`(text: String) {
        #expect(throws: PostgresError.self) { try UUID(postgresText: text) }
    }

    @Test func `other texts are refused without repeating them`() throws {
        let error = try #require(throws: PostgresError.self) { try UUID(postgresText: "Erika Mustermann") }
        #expect(error.kind == .decoding)
        #expect(!"\(error)".contains("Erika"))
        #expect(throws: PostgresError.self) { try Bool(postgresText: "true") }
        #expect(throws: PostgresError.self) { try Int(postgresText: "1.0") }
        #expect(throws: PostgresError.self) { try Int32(postgresText: "2147483648") }
        #expect(throws: PostgresError.self) { try Double(postgresText: "") }
        #expect(throws: PostgresError.self) { try Bytes(postgresText: "\\x0") }
        #expect(throws: PostgresError.self) { try Bytes(postgresText: "\\x0g") }
        #expect(throws: PostgresError.self) { try Bytes(postgresText: "abc") }
    }

    @Test func `an enumeration is its raw value`() throws {
        #expect(Track.preDunning.postgresText == "pre_dunning")
        #expect(try Track(postgresText: "receivable") == .receivable)
        #expect(throws: PostgresError.self) { try Track(postgresText: "other") }
        #expect(try [Track](postgresText: "{receivable,pre_dunning}") == [.receivable, .preDunning])
    }

    private enum Track: String, PostgresValue {
        case receivable
        case preDunning = "pre_dunning"
    }
}
