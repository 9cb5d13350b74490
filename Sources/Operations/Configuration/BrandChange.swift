package import Dunning
import Store

/// What a request wants different about a brand.
package struct BrandChange: Sendable {
    package var name: Change<String> = .keep
    package var legalName: Change<String> = .keep
    package var address: Change<String> = .keep
    package var phone: Change<String?> = .keep
    package var fromName: Change<String> = .keep
    package var fromAddress: Change<EmailAddress> = .keep
    package var replyTo: Change<EmailAddress?> = .keep
    package var zone: Change<Zone> = .keep
    package var locale: Change<LanguageTag> = .keep
    package var calendar: Change<ID<Calendar>?> = .keep
    package var gateway: Change<ID<Gateway>?> = .keep
    package var smsGateway: Change<ID<Gateway>?> = .keep
    package var workflow: Change<ID<Workflow>?> = .keep
    package var graceDays: Change<Int> = .keep
    package var window: Change<SendWindow> = .keep
    package var header: Change<String> = .keep
    package var footer: Change<String> = .keep
    package var killSwitch: Change<Bool> = .keep

    package init() {}

    func applied(to old: BrandRecord) -> BrandRecord {
        var new = old
        new.name = name.applied(to: old.name)
        new.legalName = legalName.applied(to: old.legalName)
        new.address = address.applied(to: old.address)
        new.phone = phone.applied(to: old.phone)
        new.fromName = fromName.applied(to: old.fromName)
        new.fromAddress = fromAddress.applied(to: old.fromAddress)
        new.replyTo = replyTo.applied(to: old.replyTo)
        new.zone = zone.applied(to: old.zone)
        new.locale = locale.applied(to: old.locale)
        new.calendar = calendar.applied(to: old.calendar)
        new.gateway = gateway.applied(to: old.gateway)
        new.smsGateway = smsGateway.applied(to: old.smsGateway)
        new.workflow = workflow.applied(to: old.workflow)
        new.graceDays = graceDays.applied(to: old.graceDays)
        new.window = window.applied(to: old.window)
        new.header = header.applied(to: old.header)
        new.footer = footer.applied(to: old.footer)
        new.killSwitch = killSwitch.applied(to: old.killSwitch)
        return new
    }
}
