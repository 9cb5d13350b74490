import Dunning
import Postgres
import Store

extension DefaultTemplate {
    /// Stores the letter as a template of the tenant, in every language it exists in.
    func save(in tx: inout Transaction, _ context: Context) throws -> ID<Template> {
        let template = ID<Template>.make(at: context.now)
        try tx.insertTemplate(template, named: name, locale: Self.original, at: context.now)
        let versions = Self.languages.map { locale in
            NewTemplateVersion(id: .make(at: context.now), number: 1, locale: locale, source: source(in: locale))
        }
        try tx.publish(versions, of: template, at: context.now)
        try tx.audit(
            context, action: "template.saved", subject: template.uuid,
            detail: ["name": name, "locale": versions.map(\.locale.text).joined(separator: ", "), "version": "1"])
        return template
    }
}
