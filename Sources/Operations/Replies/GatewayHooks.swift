package import Dunning
package import Gateways
package import Postgres
import Store

/// What a gateway sends to its address here: reports on messages, and what people write back. Nothing counts that does not
/// prove to come from it.
package struct GatewayHooks: Sendable {
    /// Why a request was not taken.
    package enum Refusal: Sendable, Hashable {
        /// There is no such gateway, or it speaks no such thing.
        case unknown
        /// The signature is missing or wrong.
        case forged
        /// It cannot be read.
        case unreadable
    }

    package enum Result: Sendable, Hashable {
        case taken
        /// The gateway said so before.
        case repeated
        case refused(Refusal)
    }

    let gateway: ID<Gateway>
    let hook: TextHook
    let secrets: SecretBox

    package init(_ gateway: ID<Gateway>, _ hook: TextHook, secrets: SecretBox) {
        self.gateway = gateway
        self.hook = hook
        self.secrets = secrets
    }

    package func run(
        _ kind: HookToken.Kind, in tx: inout Transaction, _ context: Context
    ) throws -> Result {
        guard let access = try tx.hookAccess(gateway), let recipe = try? SMSRecipe(json: access.recipe) else {
            return .refused(.unknown)
        }
        let password = open(access.sealedPassword, .gatewayPassword(gateway, of: context.tenant))
        let secret = open(access.sealedHookSecret, .hookSecret(gateway, of: context.tenant)) ?? password
        guard recipe.proves(hook, password: password, secret: secret) else {
            try tx.refuseHook(of: gateway)
            return .refused(.forged)
        }
        switch kind {
        case .receipt:
            guard let receipt = recipe.receipt(in: hook) else { return .refused(.unreadable) }
            return try TakeReceipt(receipt, from: gateway).run(in: &tx, context) ? .taken : .repeated
        case .inbound:
            guard let inbound = recipe.inbound(in: hook), let take = TakeReply(inbound, through: gateway) else {
                return .refused(.unreadable)
            }
            return try take.run(in: &tx, context) ? .taken : .repeated
        }
    }

    /// A secret that does not open proves nothing, like one that is not there.
    private func open(_ sealed: Bytes?, _ place: SecretBox.Place) -> Gateways.Secret? {
        sealed.flatMap { try? secrets.open($0, for: place) }.map { Secret($0) }
    }
}
