/// French sets a no-break space before colon and semicolon.
extension LetterWords {
    static let french = LetterWords(
        locale: .french, dearContact: "Bonjour {{contact.name}},",
        dearCustomer: company("Madame, Monsieur,", person: "Bonjour {{customer.name}},"),
        invoice: "Facture", dueDate: "Échéance", overdue: "Retard",
        days: "{{days_overdue}} " + plural("days_overdue", one: "jour", other: "jours"),
        invoiceTotal: "Montant facturé", openAmount: "Reste à payer",
        unlisted: "Autres factures non détaillées ici, comprises dans le total", total: "Total en {{currency}}",
        credit: "Avoir sur votre compte, non encore déduit",
        reference:
            "Merci d’indiquer lors du paiement le numéro de facture{{#customer.external_id}} et votre numéro de "
            + "client {{customer.external_id}}{{/customer.external_id}}.",
        unpaid: "Sauf erreur de notre part, au {{today}}, "
            + plural(
                "invoice_count",
                one: "la facture ci-dessous, d’un montant de {{total}}, reste impayée\u{A0}; elle était échue le ",
                other:
                    "les {{invoice_count}} factures ci-dessous, d’un montant total de {{total}}, restent "
                    + "impayées\u{A0}; la plus ancienne était échue le ")
            + "{{oldest_due_date}}, il y a {{oldest_days_overdue}} "
            + plural("oldest_days_overdue", one: "jour", other: "jours") + ".",
        alreadyPaid:
            "Si vous avez déjà réglé, nous vous en remercions et vous prions de ne pas tenir compte de ce message. Si votre "
            + "paiement remonte à plus de quelques jours, indiquez-nous sa date et sa référence, afin que nous puissions "
            + "le retrouver.",
        reply: "Il vous suffit de répondre à ce message{{#brand.phone}} ou de nous appeler au "
            + "{{brand.phone}}{{/brand.phone}}.",
        colon: "\u{A0}:")
}

extension DefaultLetters {
    static let french = DefaultLetters(
        words: words,
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
        approval: Letter(
            title: "Avant l’échéance",
            subject:
                plural("invoice_count", one: "Facture", other: "Factures")
                + " à échéance du {{oldest_due_date}}\u{A0}: vous manque-t-il un élément\u{A0}?",
            opening: [
                "Nous souhaitons nous assurer qu’il ne vous manque rien pour le règlement\u{A0}: "
                    + plural(
                        "invoice_count",
                        one: "la facture ci-dessous, d’un montant de {{total}}, arrive",
                        other:
                            "les {{invoice_count}} factures ci-dessous, d’un montant total de {{total}}, "
                            + "arrivent")
                    + " à échéance le {{oldest_due_date}}.",
                "S’il vous faut encore un numéro de commande, une pièce ou une information pour la "
                    + "validation, dites-le-nous dès maintenant, afin que nous puissions vous l’adresser à "
                    + "temps.",
            ],
            closing: [
                "Si tout est en ordre, vous n’avez rien à faire. Si vous avez réglé entre-temps, nous "
                    + "vous en remercions et vous prions de ne pas tenir compte de ce message.",
                reply,
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
        neutral: Letter(
            title: "Rappel de factures échues",
            subject:
                plural("invoice_count", one: "Facture échue", other: "Factures échues")
                + "\u{A0}: {{total}} à régler",
            opening: [
                unpaid,
                "Nous vous remercions de procéder au paiement, ou de nous dire s’il vous manque un "
                    + "élément pour le valider, par exemple un numéro de commande ou une copie de facture.",
            ],
            closing: [
                alreadyPaid,
                "Si une facture comporte une erreur, merci de nous le signaler également. "
                    + reply,
                "Cordialement,",
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
            ]),
        promise: Letter(
            title: "Votre paiement annoncé",
            subject: "Votre paiement annoncé ne nous est pas encore parvenu",
            opening: [
                "Vous nous aviez annoncé un paiement qui devrait nous être parvenu à ce jour. Sauf "
                    + "erreur de notre part, au {{today}}, nous ne l’avons pas reçu, et "
                    + plural(
                        "invoice_count",
                        one: "la facture ci-dessous, d’un montant de {{total}}, reste",
                        other:
                            "les {{invoice_count}} factures ci-dessous, d’un montant total de {{total}}, "
                            + "restent")
                    + " à régler.",
                "Nous vous remercions de vérifier ce qu’il en est et de nous indiquer à quelle date nous "
                    + "pouvons l’attendre.",
            ],
            closing: [
                alreadyPaid,
                "Si votre situation a changé, parlez-nous-en\u{A0}; nous chercherons une solution avec "
                    + "vous. "
                    + reply,
                "Cordialement,",
            ]),
        personal: .french)

    private static let farewell = "Nous vous prions d’agréer nos salutations distinguées."
    private static let words = LetterWords.french
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
}
