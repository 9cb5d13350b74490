package import Dunning

/// The part of an address under which a gateway reports to us: whose it is, and a code that nobody can make up.
package struct HookToken: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable { case receipt, inbound }

    package let tenant: ID<Tenant>
    package let gateway: ID<Gateway>
    /// Letters and digits, as it stands in the address.
    package let text: String

    private static let codeLength = 32

    package init(tenant: ID<Tenant>, gateway: ID<Gateway>, secrets: SecretBox) {
        self.tenant = tenant
        self.gateway = gateway
        text =
            String(tenant.description.dropFirst(Tenant.idPrefix.count + 1))
            + gateway.description.dropFirst(Gateway.idPrefix.count + 1)
            + secrets.code(for: .hooks(gateway, of: tenant))
    }

    /// Reads a token; `nil` for anything that was not made with the same key.
    package init?(_ text: String, secrets: SecretBox) {
        guard text.utf8.count == 26 + 26 + Self.codeLength,
            let tenant = ID<Tenant>("\(Tenant.idPrefix)_\(text.prefix(26))"),
            let gateway = ID<Gateway>("\(Gateway.idPrefix)_\(text.dropFirst(26).prefix(26))")
        else { return nil }
        let own = HookToken(tenant: tenant, gateway: gateway, secrets: secrets)
        guard Authenticate.areEqual(own.text, text) else { return nil }
        self = own
    }

    /// - Parameter base: how this installation is reached from outside, without a slash at its end.
    package func url(_ kind: Kind, base: String) -> String {
        "\(base)/in/sms/\(text)/\(kind.rawValue)"
    }
}
