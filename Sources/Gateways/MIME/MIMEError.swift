/// Why no message was built. Values that come from tenants and templates can cause the first three.
package enum MIMEError: Error, Sendable, Hashable {
    /// The header named holds a control character or a line break, which could start a header of its own.
    case control(String)
    /// The header named is longer than any honest value.
    case tooLong(String)
    /// The header named is not a message id of the form `left@right`.
    case messageID(String)
    /// The attempt token holds more than visible ASCII.
    case attempt
    /// The language is not a tag of letters, digits and hyphens.
    case language
    /// The instant lies outside the years 1 to 9999.
    case date
    /// Less than 16 random bytes were given.
    case boundarySeed
}
