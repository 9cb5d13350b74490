extension LetterWords {
    static let spanish = LetterWords(
        locale: .spanish, dearContact: "Estimado/a {{contact.name}}:",
        dearCustomer: company("Estimado cliente:", person: "Estimado/a {{customer.name}}:"),
        invoice: "Factura", dueDate: "Vencimiento", overdue: "Retraso",
        days: "{{days_overdue}} " + plural("days_overdue", one: "día", other: "días"),
        invoiceTotal: "Importe facturado", openAmount: "Importe pendiente",
        unlisted: "Otras facturas no detalladas aquí, incluidas en el total", total: "Total en {{currency}}",
        credit: "Saldo a su favor, aún no descontado",
        reference:
            "Al realizar el pago, le rogamos que indique el número de factura{{#customer.external_id}} y su número "
            + "de cliente {{customer.external_id}}{{/customer.external_id}}.",
        unpaid: "Según nuestros registros, a {{today}}, "
            + plural(
                "invoice_count",
                one: "la factura indicada abajo, por un importe de {{total}}, sigue pendiente; venció el ",
                other:
                    "las {{invoice_count}} facturas indicadas abajo, por un importe total de {{total}}, siguen "
                    + "pendientes; la más antigua venció el ")
            + "{{oldest_due_date}}, hace {{oldest_days_overdue}} "
            + plural("oldest_days_overdue", one: "día", other: "días") + ".",
        alreadyPaid:
            "Si ya ha pagado, le damos las gracias y le rogamos que no tenga en cuenta este mensaje. Si su pago salió hace "
            + "más de unos días, indíquenos la fecha y la referencia, para que podamos localizarlo.",
        reply: "Basta con responder a este mensaje{{#brand.phone}} o llamarnos al {{brand.phone}}{{/brand.phone}}.")
}

extension DefaultLetters {
    static let spanish = DefaultLetters(
        words: words,
        courtesy: Letter(
            title: "Próximo pago",
            subject: "Próximo pago: {{total}}, vencimiento el {{oldest_due_date}}",
            opening: [
                "Gracias por su confianza. Con esta breve nota le informamos de que el {{oldest_due_date}} vence un "
                    + "pago de {{total}}."
            ],
            closing: [
                "Si el pago ya está programado, no tiene que hacer nada. Si ha pagado entretanto, le damos las gracias "
                    + "y le rogamos que no tenga en cuenta esta nota.",
                "Si tiene alguna duda sobre una factura, díganoslo ahora, para que podamos aclararla a tiempo. "
                    + reply,
                "Un cordial saludo,",
            ]),
        approval: Letter(
            title: "Antes del vencimiento",
            subject:
                plural("invoice_count", one: "Factura", other: "Facturas")
                + " con vencimiento el {{oldest_due_date}}: ¿le falta algo?",
            opening: [
                "Queremos asegurarnos de que no le falte nada para realizar el pago: "
                    + plural(
                        "invoice_count",
                        one: "la factura indicada abajo, por un importe de {{total}}, vence",
                        other:
                            "las {{invoice_count}} facturas indicadas abajo, por un importe total de "
                            + "{{total}}, vencen")
                    + " el {{oldest_due_date}}.",
                "Si todavía necesita un número de pedido, un documento o algún dato para la aprobación, "
                    + "díganoslo ahora, para que podamos facilitárselo a tiempo.",
            ],
            closing: [
                "Si todo está en orden, no tiene que hacer nada. Si ha pagado entretanto, le damos las "
                    + "gracias y le rogamos que no tenga en cuenta esta nota.",
                reply,
                "Un cordial saludo,",
            ]),
        friendly: Letter(
            title: "Recordatorio de pago",
            subject: "Recordatorio de pago: {{total}} pendiente",
            opening: [
                "Es posible que se le haya pasado por alto: según nuestros registros, a {{today}}, "
                    + plural(
                        "invoice_count", one: "la factura indicada abajo, por un importe de {{total}}, está vencida",
                        other:
                            "las {{invoice_count}} facturas indicadas abajo, por un importe total de {{total}}, están "
                            + "vencidas")
                    + ". Le agradeceríamos que realizara el pago en los próximos días."
            ],
            closing: [
                alreadyPaid,
                "Si algo le impide pagar, o alguna factura no es correcta, háganoslo saber. " + reply,
                "Muchas gracias y un cordial saludo,",
            ]),
        neutral: Letter(
            title: "Facturas pendientes de pago",
            subject:
                plural("invoice_count", one: "Factura pendiente", other: "Facturas pendientes")
                + " de pago: {{total}}",
            opening: [
                unpaid,
                "Le rogamos que realice el pago, o que nos diga si necesita algo para tramitarlo, por "
                    + "ejemplo un número de pedido o una copia de la factura.",
            ],
            closing: [
                alreadyPaid,
                "Si alguna factura no es correcta, háganoslo saber también. "
                    + reply,
                "Un cordial saludo,",
            ]),
        firm: Letter(
            title: "Pago vencido",
            subject: "Pago vencido: {{total}} requiere su atención",
            opening: [
                unpaid,
                "Le rogamos que realice el pago en los próximos 7 días, o que nos indique cuándo podemos esperarlo.",
            ],
            closing: [
                alreadyPaid,
                "Si no está conforme con alguna factura o no puede pagarlo todo de una vez, póngase en contacto con "
                    + "nosotros; buscaremos una solución con usted. " + reply,
                "Atentamente,",
            ]),
        final: Letter(
            title: "Último recordatorio",
            subject: "Último recordatorio: {{total}} vencido",
            opening: [
                unpaid,
                "Este es nuestro último recordatorio. Si en los 7 días siguientes a este mensaje no recibimos ni su "
                    + "pago ni noticias suyas, trasladaremos el asunto para su posterior tramitación. Preferiríamos "
                    + "con mucho resolverlo directamente con usted.",
            ],
            closing: [
                alreadyPaid,
                "Si no está conforme con alguna factura, o necesita acordar un pago a plazos, póngase en contacto con "
                    + "nosotros dentro de ese plazo. " + reply,
                "Atentamente,",
            ]),
        promise: Letter(
            title: "El pago que nos anunció",
            subject: "El pago que nos anunció aún no ha llegado",
            opening: [
                "Nos había anunciado un pago que ya debería haber llegado. Según nuestros registros, a "
                    + "{{today}}, no lo hemos recibido y "
                    + plural(
                        "invoice_count",
                        one: "la factura indicada abajo, por un importe de {{total}}, sigue pendiente",
                        other:
                            "las {{invoice_count}} facturas indicadas abajo, por un importe total de "
                            + "{{total}}, siguen pendientes")
                    + ".",
                "Le rogamos que lo compruebe y nos indique cuándo podemos esperarlo.",
            ],
            closing: [
                alreadyPaid,
                "Si su situación ha cambiado, hable con nosotros; buscaremos una solución con usted. "
                    + reply,
                "Un cordial saludo,",
            ]),
        personal: .spanish)

    private static let words = LetterWords.spanish
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
}
