/// The way a message takes to a person.
package enum Channel: String, Hashable, Sendable, CaseIterable, Codable {
    case email, sms

    package var other: Channel { self == .email ? .sms : .email }
}
