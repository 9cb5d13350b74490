/// A type a query's header may name: one of the closed list, or an array of one.
package struct PostgresType: Hashable, Sendable, CustomStringConvertible {
    /// The element types, spelled as headers spell them.
    package enum Base: String, Sendable, Hashable, CaseIterable {
        case uuid, text, bigint, integer, smallint, bool, date, timestamptz, jsonb, bytea, double
    }

    /// The type itself, or that of the elements.
    package let base: Base
    /// Whether it is an array of one dimension.
    package let isArray: Bool

    /// The type without a text to read it from.
    package init(_ base: Base, isArray: Bool = false) {
        self.base = base
        self.isArray = isArray
    }

    /// `uuid` or `uuid[]`; `nil` for any other name.
    package init?(_ name: some StringProtocol) {
        let isArray = name.hasSuffix("[]")
        guard let base = Base(rawValue: String(isArray ? name.dropLast(2) : name[...])) else { return nil }
        self.init(base, isArray: isArray)
    }

    /// The number of the type in `pg_type`: fixed for all built-in types since they exist.
    package var oid: UInt32 {
        switch base {
        case .uuid: isArray ? 2951 : 2950
        case .text: isArray ? 1009 : 25
        case .bigint: isArray ? 1016 : 20
        case .integer: isArray ? 1007 : 23
        case .smallint: isArray ? 1005 : 21
        case .bool: isArray ? 1000 : 16
        case .date: isArray ? 1182 : 1082
        case .timestamptz: isArray ? 1185 : 1184
        case .jsonb: isArray ? 3807 : 3802
        case .bytea: isArray ? 1001 : 17
        case .double: isArray ? 1022 : 701
        }
    }

    package var description: String { isArray ? "\(base.rawValue)[]" : base.rawValue }
}
