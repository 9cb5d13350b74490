/// What the scan for threats looks for, language by language.
struct ThreatPhrases {
    /// Announces steps that belong to the end, if at all.
    let stern: [Phrase]
    /// Nobody may say it over a debt.
    let unlawful: [Phrase]

    /// `nil` for a language nobody has made a list for.
    static func of(_ locale: LanguageTag) -> ThreatPhrases? { table[locale.language] }

    private static let table: [String: ThreatPhrases] = [
        "en": ThreatPhrases(
            stern: """
                legal action, legal proceedings, legal steps, collection agency, collections agency, debt collector,
                debt collectors, court, lawsuit, sue, attorney, attorneys, lawyer, lawyers, solicitor, credit bureau,
                credit score, credit rating, bailiff, seizure, garnish
                """,
            unlawful: "arrest, arrested, jail, prison, police, criminal, prosecuted, deport"),
        "de": ThreatPhrases(
            stern: """
                inkasso*, gericht, gerichte, gerichtlich*, gerichtsvollzieh*, mahnbescheid*, mahnverfahren*, anwalt*,
                anwält*, rechtsanwalt*, rechtsanwält*, rechtliche schritte, rechtlichen schritte*, klage, verklag*,
                pfänd*, vollstreck*, zwangsvollstreck*, schufa*, bonität*
                """,
            unlawful: "verhaft*, gefängnis*, polizei*, strafanzeige*, strafrechtlich*, haftstrafe*"),
        "fr": ThreatPhrases(
            stern: """
                huissier*, tribunal, tribunaux, avocat*, contentieux*, action en justice, poursuites judiciaires,
                procédure judiciaire, voie judiciaire, saisie*, société de recouvrement, agence de recouvrement,
                cabinet de recouvrement, injonction de payer, mise en demeure
                """,
            unlawful: "prison*, police, arrest*, pénal*, gendarme*"),
        "es": ThreatPhrases(
            stern: """
                tribunal*, juzgado*, abogad*, demanda, demandas, demandar*, acción legal, acciones legales,
                vía judicial, judicialmente, procedimiento judicial, procedimientos judiciales, embargar*,
                agencia de cobro*, empresa de cobro*, empresa de recobro*, moroso*, asnef
                """,
            unlawful: "policía*, cárcel*, prisión*, arrest*, penalmente, denuncia penal, querella*"),
        "ja": ThreatPhrases(
            stern: "法的措置, 法的手続, 訴訟, 裁判, 弁護士, 差し押さえ, 差押, 強制執行, 債権回収, 信用情報, 支払督促",
            unlawful: "逮捕, 警察, 刑事, 刑務所, 犯罪", reach: .anywhere),
    ]

    private init(stern: String, unlawful: String, reach: Phrase.Reach = .word) {
        self.stern = Phrase.list(stern, reach)
        self.unlawful = Phrase.list(unlawful, reach)
    }
}
