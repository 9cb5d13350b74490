import Foundation

/// The two letters of ISO 3166-1 for a country.
package enum CountryCode {
    /// What it must be, for those who got one wrong.
    package static let form = "must be a country of ISO 3166-1 in two capital letters, such as DE"

    package static func isKnown(_ text: String) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { (65...90).contains($0) } && !withdrawn.contains(text)
            && Locale.Region(text).isISORegion
    }

    /// ICU still knows these, or calls them private.
    private static let withdrawn: Set<String> = [
        "UK", "DD", "ZZ", "AA", "QU", "AN", "BU", "CS", "SU", "TP", "YD", "YU", "ZR", "FX", "NT",
    ]
}
