import Foundation
import Postgres
import Testing

@Suite(.database) struct `Values through the server` {
    @Test func `every type and array comes back as it was sent`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of the round trips: \(seed)")
        try await withDatabase(echoes) { database in
            for round in 0..<40 {
                var generator = SeededGenerator(seed: seed &+ UInt64(round))
                let zone = ["UTC", "Asia/Kolkata", "America/New_York", "Europe/Amsterdam", "Pacific/Apia"][round % 5]
                let sample = Sample(using: &generator)
                try await database.write(as: .none) { transaction in
                    _ = try transaction.row("set_zone", zone)
                    try sample.check(&transaction)
                }
            }
        }
    }

    @Test func `the edges come back as they were sent`() async throws {
        try await withDatabase(echoes) { database in
            try await database.write(as: .none) { transaction in
                for value in [
                    Double.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
                ] {
                    let back: Double = try transaction.row("echo_double", value)("value")
                    #expect(back == value || back.isNaN && value.isNaN)
                }
                for value in [Int64.min, .max] { try check(value, "bigint", &transaction) }
                for value in [Int32.min, .max] { try check(value, "integer", &transaction) }
                // 4713 BC to 5874897 is the server's range of dates; our timestamps end where microseconds do.
                for value in [-2_440_588, -719_529, -719_528, -719_163, 2_932_897, 106_751_000] as [Int32] {
                    try check(CivilDate(daysSince1970: value), "date", &transaction)
                    try check(Timestamp(microseconds: Int64(value) * 86_400_000_000 + 1), "timestamptz", &transaction)
                }
                let empty: [String] = try transaction.row("echo_text_array", [String]())("value")
                #expect(empty.isEmpty)
                try check(Bytes([]), "bytea", &transaction)
                try check([Bytes([]), Bytes([0])], "bytea_array", &transaction)
                let early = [Timestamp(microseconds: -62_135_596_800_000_001), Timestamp(microseconds: 0)]
                try check(early, "timestamptz_array", &transaction)
            }
        }
    }

    @Test func `numbers too large for their type are the server's to refuse, a NUL character is ours`() async throws {
        try await withDatabase(echoes) { database in
            for wrong: any PostgresValue in [Int(Int32.max) + 1, [0, Int(Int32.min) - 1]] {
                let name = wrong is Int ? "echo_integer" : "echo_integer_array"
                let error = await #expect(throws: PostgresError.self) {
                    try await database.write(as: .none) { transaction in _ = try transaction.row(name, wrong) }
                }
                #expect(error?.sqlState == "22003")
            }
            for (name, wrong): (String, any PostgresValue) in [
                ("echo_text", "a\0"), ("echo_text_array", ["a", "b\0c"]), ("echo_jsonb_array", [JSONText("\0")]),
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await database.write(as: .none) { transaction in _ = try transaction.row(name, wrong) }
                }
                #expect(error?.kind == .decoding)
            }
        }
    }

    @Test func `the server means the same instant, day and bytes`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of the meanings: \(seed)")
        try await withDatabase(echoes) { database in
            try await database.read(as: .none) { transaction in
                var generator = SeededGenerator(seed: seed)
                for _ in 0..<200 {
                    let instant = Timestamp(microseconds: generator.instant())
                    let day = CivilDate(daysSince1970: generator.day())
                    let bytes = generator.list { UInt8.random(in: .min ... .max, using: &$0) }
                    let text = generator.text()
                    let row = try transaction.row("meanings", instant, day, Bytes(bytes), text)
                    #expect(try row("microseconds") == instant.microseconds)
                    #expect(try row("days") == day.daysSince1970)
                    #expect(try row("sum") == bytes.reduce(0) { $0 + Int($1) })
                    #expect(try row("octets") == text.utf8.count)
                }
            }
        }
    }

    @Test func `a parameter may be large, in the opening and after it`() async throws {
        let large = String(repeating: "größer ", count: 500_000)
        try await withDatabase(echoes) { database in
            try await database.write(as: .none) { transaction in
                for _ in 0..<2 {
                    let back: String = try transaction.row("echo_text", large)("value")
                    #expect(back == large)
                }
            }
        }
    }

    @Test func `NULL goes and comes where the header says so`() async throws {
        try await withDatabase("-- name: maybe(value bigint?) -> value bigint?\nselect $1 as value") { database in
            try await database.write(as: .none) { transaction in
                let none: Int? = try transaction.row("maybe", nil).optional("value")
                let some: Int? = try transaction.row("maybe", 7).optional("value")
                let again: Int? = try transaction.row("maybe", some).optional("value")
                let still: Int? = try transaction.row("maybe", none).optional("value")
                #expect(none == nil)
                #expect(some == 7)
                #expect(again == 7)
                #expect(still == nil)
                let error = try #require(throws: PostgresError.self) {
                    _ = try transaction.row("maybe", nil)("value") as Int
                }
                #expect(error.kind == .decoding)
            }
        }
    }
}

/// One echo for each type and array of it, and what the server makes of some values.
private let echoes: String = {
    let echoes = PostgresType.Base.allCases.flatMap { base in
        [PostgresType(base), PostgresType(base, isArray: true)].map { type in
            let name = "echo_\(base.rawValue)\(type.isArray ? "_array" : "")"
            return "-- name: \(name)(value \(type)) -> value \(type)\nselect $1 as value"
        }
    }
    let others = """
        -- name: set_zone(zone text) -> zone text
        select set_config('TimeZone', $1, true) as zone
        -- name: meanings(instant timestamptz, day date, bytes bytea, words text)
        --+ -> microseconds bigint, days integer, sum bigint, octets integer
        select
            (extract(epoch from $1) * 1000000)::bigint as microseconds,
            $2 - date '1970-01-01' as days,
            (select coalesce(sum(get_byte($3, n)), 0) from generate_series(0, length($3) - 1) as n) as sum,
            octet_length($4) as octets
        """
    return (echoes + [others]).joined(separator: "\n")
}()

private func check<Value: PostgresValue & Equatable>(
    _ value: Value, _ type: String, _ transaction: inout Transaction
) throws {
    let back: Value = try transaction.row("echo_\(type)", value)("value")
    #expect(back == value, "\(type)")
}

/// A value of each type, with arrays.
private struct Sample: Sendable {
    let uuids: [UUID]
    let texts: [String]
    let wide: [Int64]
    let plain: [Int]
    let narrow: [Int32]
    let flags: [Bool]
    let days: [CivilDate]
    let instants: [Timestamp]
    let bytes: [Bytes]
    let doubles: [Double]
    let documents: [JSONText]

    init(using generator: inout SeededGenerator) {
        uuids = generator.list { generator in
            UUID(
                uuidString: String(repeating: "0", count: 8)
                    + "-0000-4000-8000-\(String(format: "%012x", generator.next() >> 16))")
                ?? UUID()
        }
        texts = generator.list { $0.text() }
        wide = generator.list { $0.integer(Int64.self) }
        plain = generator.list { Int($0.integer(Int16.self)) }
        narrow = generator.list { $0.integer(Int32.self) }
        flags = generator.list { Bool.random(using: &$0) }
        days = generator.list { CivilDate(daysSince1970: $0.day()) }
        instants = generator.list { Timestamp(microseconds: $0.instant()) }
        bytes = generator.list { Bytes($0.list { UInt8.random(in: .min ... .max, using: &$0) }) }
        doubles = generator.list { Double(bitPattern: $0.next()) }.filter { !$0.isNaN }
        documents = generator.list { JSONText(#"{"n": \#($0.integer(Int32.self)), "t": "a\"b, {c}"}"#) }
    }

    func check(_ transaction: inout Transaction) throws {
        try both(uuids, "uuid", &transaction)
        try both(texts, "text", &transaction)
        try both(wide, "bigint", &transaction)
        try both(plain, "smallint", &transaction)
        try both(narrow, "integer", &transaction)
        try both(flags, "bool", &transaction)
        try both(days, "date", &transaction)
        try both(instants, "timestamptz", &transaction)
        try both(bytes, "bytea", &transaction)
        try both(doubles, "double", &transaction)
        try both(documents, "jsonb", &transaction)
    }

    private func both<Value: PostgresValue & Equatable>(
        _ values: [Value], _ type: String, _ transaction: inout Transaction
    ) throws {
        for value in values { try PostgresTests.check(value, type, &transaction) }
        try PostgresTests.check(values, "\(type)_array", &transaction)
    }
}

extension SeededGenerator {
    /// From 4000 BC to the year 9999.
    fileprivate mutating func day() -> Int32 { Int32.random(in: -2_180_000...2_932_896, using: &self) }

    fileprivate mutating func instant() -> Int64 {
        Int64(day()) * 86_400_000_000 + Int64.random(in: 0..<86_400_000_000, using: &self)
    }
}
