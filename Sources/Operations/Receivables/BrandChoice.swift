import Dunning
import Foundation
import Postgres
import Store

/// Which brand a receivable belongs to: the one named, else the tenant's only one.
enum BrandChoice {
    static func pick(_ named: ID<Brand>?, in tx: inout Transaction) throws -> (ID<Brand>, BrandDay) {
        let days = try tx.brandDays()
        if let named {
            guard let day = days[named] else {
                throw Rejection.invalid("/brand_id", "unknown_brand", "there is no such brand")
            }
            return (named, day)
        }
        guard let only = days.first, days.count == 1 else {
            throw Rejection.invalid(
                "/brand_id", "brand_required",
                days.isEmpty ? "make a brand first, then name it here" : "this tenant has several brands: name one")
        }
        return (only.key, only.value)
    }
}

extension Transaction {
    /// The civil day of a brand, by which its money is dated.
    mutating func today(of brand: ID<Brand>, _ context: Context) throws -> Day {
        guard let day = try brandDays()[brand] else { throw Rejection.notFound("brand") }
        return day.zone.day(of: context.now)
    }
}
