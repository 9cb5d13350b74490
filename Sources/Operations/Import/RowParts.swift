import Dunning
import Files

/// The parts of a row, each from its own targets.
extension RowParser {
    mutating func customer(_ texts: RowTexts) throws(Flaw) -> LedgerRow.CustomerPart? {
        if texts.bytes(.customerExternalID).isEmpty, namesInvoiceOnly(texts) { return nil }
        let externalID = try texts.required(.customerExternalID, upTo: 200)
        let zone = try texts.optional(.customerZone, upTo: 64)
        if let zone, !zones.contains(zone) {
            throw texts.flaw(.customerZone, "unknown_zone", "is no time zone of the IANA database")
        }
        let said = try texts.optional(.customerLocale, upTo: 35)
        let locale = said.flatMap { LanguageTag($0) }
        if said != nil, locale == nil {
            throw texts.flaw(.customerLocale, "unknown_locale", "is no language tag such as de or en-IN")
        }
        return LedgerRow.CustomerPart(
            externalID: externalID, name: try texts.optional(.customerName, upTo: 200),
            kind: try texts.choice(.customerKind, ["business", "consumer"]),
            locale: locale?.text, zone: zone, traits: try traits(texts))
    }

    private func traits(_ texts: RowTexts) throws(Flaw) -> LedgerRow.CustomerTraits {
        var traits = LedgerRow.CustomerTraits()
        guard has.traits else { return traits }
        traits.country = try texts.optional(.customerCountry, upTo: 40)?.uppercased()
        if let country = traits.country, !CountryCode.isKnown(country) {
            throw texts.flaw(
                .customerCountry, "unknown_country", "is no country of ISO 3166-1 in two letters, such as DE")
        }
        traits.owner = try texts.optional(.customerOwner, upTo: 200)
        traits.exclusion = try texts.optional(.customerExclusion, upTo: 64)
        if let word = traits.exclusion, (try? Word.check(word, at: "")) == nil {
            throw texts.flaw(
                .customerExclusion, "not_a_word", "is not made of a-z, 0-9 and _ alone, such as insolvency")
        }
        traits.riskBand = try texts.choice(.customerRiskBand, RiskBand.allCases.map(\.rawValue))
        traits.collectionMethod = try texts.choice(
            .customerCollectionMethod, CollectionMethod.allCases.map(\.rawValue))
        traits.segment = try texts.optional(.customerSegment, upTo: 64)
        return traits
    }

    /// A row of payments or credit notes that says by its invoice whose it is.
    private func namesInvoiceOnly(_ texts: RowTexts) -> Bool {
        let isPayment = has.payment && !texts.bytes(.paymentInvoice).isEmpty
        let isCredit = has.credit && !texts.bytes(.creditInvoice).isEmpty
        return (isPayment || isCredit) && !hasInvoice(texts)
    }

    func contact(_ texts: RowTexts) throws(Flaw) -> LedgerRow.ContactPart? {
        let name = try texts.optional(.contactName, upTo: 200)
        let (email, phone) = (try email(texts), try phone(texts))
        guard email != nil || phone != nil else { return nil }
        return LedgerRow.ContactPart(email: email, phone: phone, name: name)
    }

    private func email(_ texts: RowTexts) throws(Flaw) -> EmailAddress? {
        guard let text = try texts.optional(.contactEmail, upTo: 1_000) else { return nil }
        do throws(EmailAddressError) {
            return try EmailAddress(text)
        } catch {
            throw texts.flaw(.contactEmail, error.label, "is not an address that can be written to")
        }
    }

    private func phone(_ texts: RowTexts) throws(Flaw) -> PhoneNumber? {
        guard let text = try texts.optional(.contactPhone, upTo: 60) else { return nil }
        do throws(PhoneNumberError) {
            return try PhoneNumber(text)
        } catch {
            throw texts.flaw(.contactPhone, "bad_phone", error.detail)
        }
    }

    func payment(_ texts: RowTexts, _ row: LedgerRow) throws(Flaw) -> LedgerRow.PaymentPart? {
        guard let valueDate = try date(.paymentValueDate, texts) else {
            // Beside an invoice, no date is no payment; a payment by itself has one.
            if row.invoice == nil, row.credit == nil, !texts.bytes(.paymentExternalID).isEmpty {
                throw texts.flaw(.paymentValueDate, "required", "is empty")
            }
            return nil
        }
        guard valueDate <= today else {
            throw texts.flaw(.paymentValueDate, "payment_in_future", "is after today, \(today)")
        }
        let invoice = try texts.optional(.paymentInvoice, upTo: 200) ?? row.invoice?.externalID
        let method = try texts.choice(.paymentMethod, ["card", "debit", "transfer", "other"])
        let externalID: String
        if case .unmapped = bindings[ImportTarget.paymentExternalID.rawValue], let invoice {
            externalID = "\(invoice)-payment"
        } else {
            externalID = try texts.required(.paymentExternalID, upTo: 200)
        }
        let currency = try currency(.paymentCurrency, texts, row.invoice?.total.currency)
        if let own = row.invoice, own.externalID == invoice, own.total.currency != currency {
            let sentence = "is not the currency of its invoice, \(own.total.currency.code)"
            throw texts.flaw(.paymentCurrency, "currency_mismatch", sentence)
        }
        let amount: Money
        if case .unmapped = bindings[ImportTarget.paymentAmount.rawValue], let total = row.invoice?.total {
            amount = total
        } else {
            amount = try self.amount(.paymentAmount, texts, currency, atLeast: 1)
        }
        return LedgerRow.PaymentPart(
            externalID: externalID, customer: row.customer?.externalID, invoice: invoice, valueDate: valueDate,
            amount: amount, method: method ?? "other", version: try version(.paymentVersion, texts))
    }

    func credit(_ texts: RowTexts, _ row: LedgerRow) throws(Flaw) -> LedgerRow.CreditPart? {
        guard let externalID = try texts.optional(.creditExternalID, upTo: 200) else {
            if bindings[ImportTarget.creditAmount.rawValue].isOfRecord, !texts.bytes(.creditAmount).isEmpty {
                throw texts.flaw(.creditExternalID, "required", "is empty")
            }
            return nil
        }
        let valueDate = try date(.creditValueDate, texts)
        guard valueDate.map({ $0 <= today }) ?? true else {
            throw texts.flaw(.creditValueDate, "credit_in_future", "is after today, \(today)")
        }
        let currency = try currency(.creditCurrency, texts, nil)
        let least = mapping.negative == .creditNote ? -Money.largest : 1
        let amount = try self.amount(.creditAmount, texts, currency, atLeast: least)
        guard amount.minor != 0 else { throw texts.flaw(.creditAmount, "not_positive", "is not above zero") }
        return LedgerRow.CreditPart(
            externalID: externalID, customer: row.customer?.externalID,
            invoice: try texts.optional(.creditInvoice, upTo: 200), valueDate: valueDate,
            amount: Money(minor: abs(amount.minor), currency: currency), version: try version(.creditVersion, texts))
    }
}
