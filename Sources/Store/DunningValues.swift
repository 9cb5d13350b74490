package import Dunning
package import Foundation
package import Postgres
package import Queue

extension ID: PostgresValue {
    package init(postgresText: String) throws(PostgresError) { self.init(try UUID(postgresText: postgresText)) }
    package var postgresText: String { uuid.postgresText }
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        uuid.appendBinary(as: type, to: &bytes)
    }
}

extension Instant: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        self.init(microseconds: try Timestamp(postgresText: postgresText).microseconds)
    }
    package var postgresText: String { timestamp.postgresText }
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        timestamp.appendBinary(as: type, to: &bytes)
    }
}

extension Day: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        self.init(number: try CivilDate(postgresText: postgresText).daysSince1970)
    }
    package var postgresText: String { CivilDate(daysSince1970: number).postgresText }
    package func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool {
        CivilDate(daysSince1970: number).appendBinary(as: type, to: &bytes)
    }
}

extension Currency: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let currency = Currency(postgresText) else { throw .undecodable("currency") }
        self = currency
    }
    package var postgresText: String { code }
}

extension Zone: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let zone = Zone(postgresText) else { throw .undecodable("time zone") }
        self = zone
    }
    package var postgresText: String { identifier }
}

extension LanguageTag: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let tag = LanguageTag(postgresText) else { throw .undecodable("language tag") }
        self = tag
    }
    package var postgresText: String { text }
}

extension Row {
    /// A tag this version does not know is left out rather than stopping every message to the customer.
    func locale(_ column: String) throws(PostgresError) -> LanguageTag? {
        (try optional(column) as String?).flatMap(LanguageTag.init)
    }
}

extension TaskKind: PostgresValue {}
extension PromiseToPay.Standing: PostgresValue {}

extension EntryPolicy: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let policy = EntryPolicy(postgresText) else { throw .undecodable("entry policy") }
        self = policy
    }
    package var postgresText: String { text }
}

extension PhoneNumber: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        do throws(PhoneNumberError) { try self.init(postgresText) } catch { throw .undecodable("telephone number") }
    }
    package var postgresText: String { text }
}

extension Channel: PostgresValue {}
extension CaseState.Status: PostgresValue {}
extension Step.Kind: PostgresValue {}
extension Step.Tier: PostgresValue {}
extension ActiveHold.Scope: PostgresValue {}
extension Reason: PostgresValue {}

extension Instant {
    package var timestamp: Timestamp { Timestamp(microseconds: microseconds) }
}

extension NewDue {
    package init(kind: Kind, ref: UUID, lane: UUID, runAt: Instant, isUrgent: Bool = false) {
        self.init(kind: kind, ref: ref, lane: lane, runAt: runAt.timestamp, isUrgent: isUrgent)
    }
}
