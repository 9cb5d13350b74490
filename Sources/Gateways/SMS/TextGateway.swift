package import Foundation

/// One configuration of a tenant's account at a text-message gateway.
package struct TextGateway: Sendable, Hashable {
    package let id: UUID
    package let isSecure: Bool
    /// A name or a numeric address, without brackets.
    package let host: String
    package let port: Int
    package let username: String?
    package let password: Secret?
    /// The number or the name that recipients see.
    package let sender: String
    /// The most requests under way at a time.
    package let sessions: Int
    package let recipe: SMSRecipe

    package init(
        id: UUID, isSecure: Bool = true, host: String, port: Int, username: String? = nil, password: Secret? = nil,
        sender: String, sessions: Int = 4, recipe: SMSRecipe
    ) {
        self.id = id
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.username = username
        self.password = password
        self.sender = sender
        self.sessions = max(1, sessions)
        self.recipe = recipe
    }

    /// How the operator's lists name this gateway.
    var address: String {
        MailGateway.listed(host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
    }
}

/// One text message about to be sent.
package struct OutgoingText: Sendable, Hashable {
    /// In its international form.
    package let to: String
    package let text: String
    /// The token of this attempt; receipts bring it back.
    package let ref: String
    /// Where receipts of this attempt go.
    package let callbackURL: String

    package init(to: String, text: String, ref: String, callbackURL: String) {
        self.to = to
        self.text = text
        self.ref = ref
        self.callbackURL = callbackURL
    }
}
