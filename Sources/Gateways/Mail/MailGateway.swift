package import Foundation

/// One configuration of a tenant's account at a mail relay.
///
/// Values that differ in nothing but `sessions` may share a connection, others never do; a change is a new `version`.
package struct MailGateway: Sendable, Hashable {
    package enum TLS: String, Sendable, Hashable, Codable, CaseIterable {
        /// STARTTLS, required and verified.
        case starttls
        /// TLS from the first byte, verified.
        case implicit
        /// No encryption; refused unless the operator lists the gateway as a sandbox.
        case none
    }

    package let id: UUID
    package let version: Int
    /// A name or a numeric address, without brackets.
    package let host: String
    package let port: Int
    package let tls: TLS
    package let username: String?
    package let password: Secret?
    /// What EHLO says. RFC 5321 section 4.1.1.1 wants a name that resolves to the sending host.
    package let ehloName: String
    /// The most connections to hold open at a time.
    package let sessions: Int

    package init(
        id: UUID, version: Int, host: String, port: Int, tls: TLS = .starttls, username: String? = nil,
        password: Secret? = nil, ehloName: String, sessions: Int = 4
    ) {
        self.id = id
        self.version = version
        self.host = host
        self.port = port
        self.tls = tls
        self.username = username
        self.password = password
        self.ehloName = ehloName
        self.sessions = max(1, sessions)
    }

    /// Whether a connection of the one serves the other, too: all but the number of sessions is the same. Asked for every mail,
    /// so nothing is built to compare; whoever adds a property adds it here.
    func isSameRoute(as other: MailGateway) -> Bool {
        id == other.id && version == other.version && host == other.host && port == other.port && tls == other.tls
            && username == other.username && password == other.password && ehloName == other.ehloName
    }

    /// How the operator's lists name this gateway: `host:port`, lower case, IPv6 in brackets.
    var address: String {
        Self.listed(host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
    }

    /// The form in which an entry of the operator's lists is compared.
    static func listed(_ entry: String) -> String {
        entry.lowercased().replacingOccurrences(of: ".:", with: ":")
    }
}
