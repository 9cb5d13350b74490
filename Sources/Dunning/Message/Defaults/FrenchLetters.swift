/// French sets a no-break space before colon and semicolon.
extension DefaultLetters {
    static let french = DefaultLetters(
        words: LetterWords(
            locale: .french, dearContact: "Bonjour {{contact.name}},", dearCustomer: "Madame, Monsieur,",
            invoice: "Facture", dueDate: "Échéance", overdue: "Retard",
            days: "{{days_overdue}} " + plural("days_overdue", one: "jour", other: "jours"),
            invoiceTotal: "Montant facturé", openAmount: "Reste à payer",
            unlisted: "Autres factures non détaillées ici, comprises dans le total", total: "Total en {{currency}}",
            credit: "Avoir sur votre compte, non encore déduit",
            reference:
                "Merci d’indiquer lors du paiement le numéro de facture{{#customer.external_id}} et votre numéro de "
                + "client {{customer.external_id}}{{/customer.external_id}}.",
            colon: "\u{A0}:"),
        courtesy: Letter(
            title: "Paiement à venir",
            subject: "Paiement à venir\u{A0}: {{total}}, échéance le {{oldest_due_date}}",
            opening: [
                "Nous vous remercions de votre confiance. Par ce bref message, nous vous informons qu’un paiement de "
                    + "{{total}} arrive à échéance le {{oldest_due_date}}."
            ],
            closing: [
                "Si le paiement est déjà programmé, vous n’avez rien à faire. Si vous avez réglé entre-temps, nous "
                    + "vous en remercions et vous prions de ne pas tenir compte de ce message.",
                "Si un point d’une facture n’est pas clair, dites-le-nous dès maintenant, afin que nous puissions "
                    + "l’éclaircir à temps. " + reply,
                "Cordialement,",
            ]),
        friendly: Letter(
            title: "Rappel de paiement",
            subject: "Rappel de paiement\u{A0}: {{total}} en attente",
            opening: [
                "Il s’agit sans doute d’un oubli\u{A0}: sauf erreur de notre part, au {{today}}, "
                    + plural(
                        "invoice_count",
                        one: "la facture ci-dessous, d’un montant de {{total}}, est échue et reste à régler",
                        other:
                            "les {{invoice_count}} factures ci-dessous, d’un montant total de {{total}}, sont échues "
                            + "et restent à régler")
                    + ". Nous vous serions reconnaissants de bien vouloir procéder au paiement dans les prochains jours."
            ],
            closing: [
                alreadyPaid,
                "Si quelque chose vous empêche de payer, ou si une facture comporte une erreur, n’hésitez pas à nous "
                    + "le signaler. " + reply,
                "Avec nos remerciements, bien cordialement,",
            ]),
        firm: Letter(
            title: "Paiement en retard",
            subject: "Paiement en retard\u{A0}: merci de régulariser {{total}}",
            opening: [
                unpaid,
                "Nous vous prions de procéder au paiement sous 7 jours, ou de nous indiquer à quelle date nous pouvons "
                    + "l’attendre.",
            ],
            closing: [
                alreadyPaid,
                "Si vous contestez une facture ou ne pouvez pas tout régler en une fois, contactez-nous\u{A0}; nous "
                    + "chercherons une solution avec vous. " + reply,
                farewell,
            ]),
        final: Letter(
            title: "Dernier rappel",
            subject: "Dernier rappel\u{A0}: {{total}} en retard de paiement",
            opening: [
                unpaid,
                "Ceci est notre dernier rappel. Si, dans les 7 jours suivant ce message, nous n’avons reçu ni votre "
                    + "paiement ni de vos nouvelles, nous transmettrons le dossier pour la suite de son traitement. "
                    + "Nous préférerions de loin régler cette question directement avec vous.",
            ],
            closing: [
                alreadyPaid,
                "Si vous contestez une facture, ou souhaitez convenir d’un paiement échelonné, contactez-nous dans ce "
                    + "délai. " + reply,
                farewell,
            ]))

    private static let farewell = "Nous vous prions d’agréer nos salutations distinguées."
    private static let alreadyPaid =
        "Si vous avez déjà réglé, nous vous en remercions et vous prions de ne pas tenir compte de ce message. Si votre "
        + "paiement remonte à plus de quelques jours, indiquez-nous sa date et sa référence, afin que nous puissions "
        + "le retrouver."
    private static let reply =
        "Il vous suffit de répondre à ce message{{#brand.phone}} ou de nous appeler au {{brand.phone}}{{/brand.phone}}."
    private static let ago =
        "{{oldest_due_date}}, il y a {{oldest_days_overdue}} "
        + plural("oldest_days_overdue", one: "jour", other: "jours")
    private static let unpaid =
        "Sauf erreur de notre part, au {{today}}, "
        + plural(
            "invoice_count",
            one: "la facture ci-dessous, d’un montant de {{total}}, reste impayée\u{A0}; elle était échue le ",
            other:
                "les {{invoice_count}} factures ci-dessous, d’un montant total de {{total}}, restent impayées\u{A0}; "
                + "la plus ancienne était échue le ")
        + ago + "."
}
