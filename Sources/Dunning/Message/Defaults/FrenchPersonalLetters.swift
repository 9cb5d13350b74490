extension PersonalLetters {
    static let french = PersonalLetters(
        friendly: Letter(
            title: "Petit rappel",
            subject: "Petit rappel\u{A0}: {{total}} à régler",
            opening: [
                "Cela peut arriver à tout le monde\u{A0}: au {{today}}, nous n’avons pas trouvé de "
                    + "paiement pour "
                    + invoices
                    + ". Merci de bien vouloir "
                    + plural("invoice_count", one: "la", other: "les")
                    + " régler dans les prochains jours."
            ],
            closing: [
                "Si vous avez déjà réglé, merci\u{A0}; vous n’avez rien d’autre à faire.",
                "Si vous ne pouvez pas tout régler en une fois, ou si une facture vous semble inexacte, "
                    + "dites-le-nous. Nous vous aiderons volontiers, par exemple avec un paiement en plusieurs "
                    + "fois. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}} : petit rappel, {{total}} reste à régler "
                + "(retard : {{oldest_days_overdue}} "
                + plural("oldest_days_overdue", one: "jour", other: "jours")
                + ")"
                + ". Si vous avez déjà réglé, merci. {{#brand.phone}}Questions : {{brand.phone}}. "
                + "{{/brand.phone}}Répondez STOP pour ne plus recevoir de SMS."),
        firm: Letter(
            title: "Paiement en retard",
            subject: "Paiement en retard\u{A0}: {{total}}",
            opening: [
                unpaid,
                "Merci de régler dans les 14 jours suivant ce message, ou de nous dire dans ce délai "
                    + "quand cela vous sera possible.",
            ],
            closing: [
                alreadyPaid,
                "Si votre budget est serré en ce moment, n’attendez pas\u{A0}: nous pouvons convenir "
                    + "avec vous d’un paiement en plusieurs fois. Si une facture vous semble inexacte, "
                    + "dites-nous ce qui ne va pas. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}} : {{total}} reste à régler "
                + "(retard : {{oldest_days_overdue}} "
                + plural("oldest_days_overdue", one: "jour", other: "jours")
                + ")"
                + ". Merci de payer, ou de nous contacter s'il vous faut plus de temps{{#brand.phone}} : "
                + "{{brand.phone}}{{/brand.phone}}. Répondez STOP pour ne plus recevoir de SMS."),
        final: Letter(
            title: "Dernier rappel",
            subject: "Dernier rappel\u{A0}: {{total}} en retard de paiement",
            opening: [
                unpaid,
                "Ceci est notre dernier rappel. Si, dans les 14 jours suivant ce message, nous n’avons "
                    + "reçu ni votre paiement ni de vos nouvelles, une personne de notre équipe décidera de la "
                    + "suite à donner. Nous préférerions de loin régler cette question directement avec vous.",
            ],
            closing: [
                alreadyPaid,
                "Si vous ne pouvez pas tout régler, s’il vous faut plus de temps ou si vous contestez "
                    + "une facture, contactez-nous dans ce délai\u{A0}; nous chercherons une solution avec "
                    + "vous. "
                    + reply,
                greeting,
            ]),
        renewal: Letter(
            title: "Paiement de votre abonnement",
            subject: "Votre abonnement\u{A0}: {{total}} à régler",
            opening: [
                "Merci pour votre abonnement. Au {{today}}, nous n’avons pas trouvé de paiement pour "
                    + invoices
                    + ". Une carte a peut-être expiré, ou des coordonnées bancaires ont changé. Merci de bien "
                    + "vouloir procéder au paiement dans les prochains jours."
            ],
            closing: [
                "Votre abonnement se poursuit normalement. Si vous avez déjà réglé, merci\u{A0}; ne "
                    + "tenez pas compte de ce message.",
                "Si une facture comporte une erreur, ou si vous avez une question sur votre abonnement, "
                    + "dites-le-nous. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}} : {{total}} reste à régler pour votre abonnement "
                + "(retard : {{oldest_days_overdue}} "
                + plural("oldest_days_overdue", one: "jour", other: "jours")
                + ")"
                + ". Si vous avez déjà réglé, merci. {{#brand.phone}}Questions : {{brand.phone}}. "
                + "{{/brand.phone}}Répondez STOP pour ne plus recevoir de SMS."),
        renewalFirm: Letter(
            title: "Paiement de votre abonnement en retard",
            subject: "Votre abonnement\u{A0}: {{total}} en retard de paiement",
            opening: [
                unpaid,
                "Merci de régler dans les 7 jours suivant ce message, afin que votre abonnement se "
                    + "poursuive sans interruption, ou de nous indiquer à quelle date nous pouvons attendre "
                    + "votre paiement.",
            ],
            closing: [
                alreadyPaid,
                "Si vous contestez une facture ou ne pouvez pas tout régler en une fois, "
                    + "contactez-nous\u{A0}; nous chercherons une solution avec vous. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}} : le paiement de {{total}} pour votre abonnement est en retard. Merci de "
                + "régler sous 7 jours, ou de nous contacter{{#brand.phone}} : "
                + "{{brand.phone}}{{/brand.phone}}. Répondez STOP pour ne plus recevoir de SMS."),
        pause: Letter(
            title: "Dernier rappel avant suspension",
            subject: "Dernier rappel avant la suspension de votre abonnement\u{A0}: {{total}} à régler",
            opening: [
                unpaid,
                "Ceci est notre dernier rappel. Si, dans les 7 jours suivant ce message, nous n’avons "
                    + "reçu ni votre paiement ni de vos nouvelles, nous suspendrons votre abonnement. Il "
                    + "reprendra dès que votre paiement nous sera parvenu.",
            ],
            closing: [
                alreadyPaid,
                "S’il vous faut plus de temps, ou si vous contestez une facture, contactez-nous dans ces "
                    + "7 jours\u{A0}; nous chercherons une solution avec vous. "
                    + reply,
                greeting,
            ]))

    private static let words = LetterWords.french
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
    private static let greeting = "Bien cordialement,"
    private static let invoices = plural(
        "invoice_count",
        one: "la facture ci-dessous, d’un montant de {{total}}",
        other: "les {{invoice_count}} factures ci-dessous, d’un montant total de {{total}}")
}
