/// Why something could not even be handed to libcurl.
package enum CurlError: Error, Hashable, Sendable {
    /// The host is neither a name in ASCII nor a numeric address.
    case host
    /// The port is outside 1...65535.
    case port
    /// The name for EHLO holds more than letters, digits, dots and hyphens.
    case greetingName
    /// An envelope address holds characters that could end the SMTP command it stands in.
    case address
    /// A path with query that does not begin with a slash, or holds what would have to be escaped.
    case target
    /// An address that is no http or https URL, or holds a password or a fragment.
    case url
    /// A header that could end the line it stands in, or is ours to set.
    case header
    /// The operating system gave no thread; the number is its error code.
    case thread(Int32)

    /// A bounded word for metrics.
    package var label: String {
        switch self {
        case .host: "host"
        case .port: "port"
        case .greetingName: "greeting_name"
        case .address: "address"
        case .target: "target"
        case .url: "url"
        case .header: "header"
        case .thread: "thread"
        }
    }
}
