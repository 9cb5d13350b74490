extension PersonalLetters {
    static let spanish = PersonalLetters(
        friendly: Letter(
            title: "Recordatorio amistoso",
            subject: "Un pequeño recordatorio: {{total}} pendiente",
            opening: [
                "A cualquiera se le puede pasar: a {{today}}, no hemos recibido ningún pago de "
                    + invoices
                    + ". Le agradeceríamos que "
                    + plural("invoice_count", one: "la", other: "las")
                    + " abonara en los próximos días."
            ],
            closing: [
                "Si ya ha pagado, muchas gracias; no tiene que hacer nada más.",
                "Si no puede pagarlo todo de una vez, o cree que alguna factura no es correcta, "
                    + "díganoslo. Le ayudaremos con gusto, por ejemplo con un pago a plazos. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: le recordamos que {{total}} sigue pendiente desde el {{oldest_due_date}}. "
                + "Si ya ha pagado, gracias. {{#brand.phone}}Consultas: {{brand.phone}}. "
                + "{{/brand.phone}}Responda BAJA para no recibir SMS."),
        firm: Letter(
            title: "Pago vencido",
            subject: "Pago vencido: {{total}}",
            opening: [
                unpaid,
                "Le rogamos que pague en los 14 días siguientes a este mensaje, o que nos diga dentro de "
                    + "ese plazo cuándo podrá hacerlo.",
            ],
            closing: [
                alreadyPaid,
                "Si en este momento le resulta difícil pagar, no espere: podemos acordar con usted un "
                    + "pago a plazos. Si cree que alguna factura no es correcta, díganos qué no está bien. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: {{total}} sigue pendiente desde el {{oldest_due_date}}. Le rogamos que "
                + "pague o nos diga si necesita tiempo{{#brand.phone}}: {{brand.phone}}{{/brand.phone}}. "
                + "Responda BAJA para no recibir SMS."),
        final: Letter(
            title: "Último recordatorio",
            subject: "Último recordatorio: {{total}} vencido",
            opening: [
                unpaid,
                "Este es nuestro último recordatorio. Si en los 14 días siguientes a este mensaje no "
                    + "recibimos ni su pago ni noticias suyas, una persona de nuestro equipo decidirá cómo "
                    + "continuar. Preferiríamos con mucho resolverlo directamente con usted.",
            ],
            closing: [
                alreadyPaid,
                "Si no puede pagarlo todo, necesita más tiempo o no está conforme con alguna factura, "
                    + "póngase en contacto con nosotros dentro de ese plazo; buscaremos una solución con "
                    + "usted. "
                    + reply,
                greeting,
            ]),
        renewal: Letter(
            title: "Pago de su suscripción",
            subject: "Su suscripción: {{total}} pendiente de pago",
            opening: [
                "Gracias por su suscripción. A {{today}}, no hemos recibido ningún pago de "
                    + invoices
                    + ". Quizá haya caducado una tarjeta o hayan cambiado los datos bancarios. Le "
                    + "agradeceríamos que realizara el pago en los próximos días."
            ],
            closing: [
                "Su suscripción continúa con normalidad. Si ya ha pagado, muchas gracias; no tenga en "
                    + "cuenta este mensaje.",
                "Si alguna factura no es correcta, o tiene alguna pregunta sobre su suscripción, "
                    + "díganoslo. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: el pago de {{total}} por su plan sigue pendiente desde el "
                + "{{oldest_due_date}}. Si ya ha pagado, gracias. {{#brand.phone}}Consultas: {{brand.phone}}. "
                + "{{/brand.phone}}Responda BAJA para no recibir SMS."),
        renewalFirm: Letter(
            title: "Pago de su suscripción vencido",
            subject: "Su suscripción: {{total}} vencido",
            opening: [
                unpaid,
                "Le rogamos que pague en los 7 días siguientes a este mensaje, para que su suscripción "
                    + "continúe sin interrupciones, o que nos indique cuándo podemos esperar el pago.",
            ],
            closing: [
                alreadyPaid,
                "Si no está conforme con alguna factura o no puede pagarlo todo de una vez, póngase en "
                    + "contacto con nosotros; buscaremos una solución con usted. "
                    + reply,
                greeting,
            ],
            sms:
                "{{brand.name}}: el pago de {{total}} por su plan sigue pendiente. Le rogamos que pague en "
                + "una semana o que nos contacte{{#brand.phone}}: {{brand.phone}}{{/brand.phone}}. Responda "
                + "BAJA para no recibir SMS."),
        pause: Letter(
            title: "Último recordatorio antes de una pausa",
            subject: "Último recordatorio antes de pausar su suscripción: {{total}} vencido",
            opening: [
                unpaid,
                "Este es nuestro último recordatorio. Si en los 7 días siguientes a este mensaje no "
                    + "recibimos ni su pago ni noticias suyas, pausaremos su suscripción. Se reanudará en "
                    + "cuanto recibamos su pago.",
            ],
            closing: [
                alreadyPaid,
                "Si necesita más tiempo o no está conforme con alguna factura, póngase en contacto con "
                    + "nosotros en esos 7 días; buscaremos una solución con usted. "
                    + reply,
                greeting,
            ]))

    private static let words = LetterWords.spanish
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
    private static let greeting = "Un cordial saludo,"
    private static let invoices = plural(
        "invoice_count",
        one: "la factura indicada abajo, por un importe de {{total}}",
        other: "las {{invoice_count}} facturas indicadas abajo, por un importe total de {{total}}")
}
