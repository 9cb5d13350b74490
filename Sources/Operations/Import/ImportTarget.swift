/// What a row of an import can fill, called as in `fields` of a mapping.
package enum ImportTarget: Int, Sendable, CaseIterable {
    case customerExternalID, customerName, customerKind, customerLocale, customerZone
    case customerCountry, customerOwner, customerExclusion, customerRiskBand, customerCollectionMethod, customerSegment
    case contactEmail, contactName, contactPhone
    case invoiceExternalID, invoiceNumber, invoiceIssueDate, invoiceDueDate, invoiceAmount, invoiceCurrency
    case invoiceStatus, invoiceOpenAmount, invoiceInstalments, invoiceVersion
    case paymentExternalID, paymentInvoice, paymentValueDate, paymentAmount, paymentCurrency, paymentMethod
    case paymentVersion
    case creditExternalID, creditInvoice, creditValueDate, creditAmount, creditCurrency, creditVersion

    private static let names = [
        "customer.external_id", "customer.name", "customer.kind", "customer.locale", "customer.zone",
        "customer.country", "customer.owner", "customer.exclusion", "customer.risk_band", "customer.collection_method",
        "customer.segment",
        "contact.email", "contact.name", "contact.phone",
        "invoice.external_id", "invoice.number", "invoice.issue_date", "invoice.due_date", "invoice.amount",
        "invoice.currency", "invoice.status", "invoice.open_amount", "invoice.instalments", "invoice.version",
        "payment.external_id", "payment.invoice", "payment.value_date", "payment.amount", "payment.currency",
        "payment.method", "payment.version",
        "credit_note.external_id", "credit_note.invoice", "credit_note.value_date", "credit_note.amount",
        "credit_note.currency", "credit_note.version",
    ]

    package var name: String { Self.names[rawValue] }

    package init?(_ name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: index)
    }

    /// The part of a row it belongs to.
    var part: ImportProblem.Part {
        switch self {
        case .customerExternalID, .customerName, .customerKind, .customerLocale, .customerZone, .customerCountry,
            .customerOwner, .customerExclusion, .customerRiskBand, .customerCollectionMethod, .customerSegment:
            .customer
        case .contactEmail, .contactName, .contactPhone: .contact
        case .invoiceExternalID, .invoiceNumber, .invoiceIssueDate, .invoiceDueDate, .invoiceAmount, .invoiceCurrency,
            .invoiceStatus, .invoiceOpenAmount, .invoiceInstalments, .invoiceVersion:
            .invoice
        case .paymentExternalID, .paymentInvoice, .paymentValueDate, .paymentAmount, .paymentCurrency, .paymentMethod,
            .paymentVersion:
            .payment
        case .creditExternalID, .creditInvoice, .creditValueDate, .creditAmount, .creditCurrency, .creditVersion:
            .creditNote
        }
    }

    /// Whether a message may show what stands there: dates, amounts and words of a closed list, never names, addresses
    /// and identifiers.
    var isShown: Bool {
        switch self {
        case .invoiceIssueDate, .invoiceDueDate, .paymentValueDate, .creditValueDate, .invoiceAmount,
            .invoiceOpenAmount, .paymentAmount, .creditAmount, .invoiceCurrency, .paymentCurrency, .creditCurrency,
            .invoiceVersion, .paymentVersion, .creditVersion, .customerKind, .customerLocale, .customerZone,
            .customerCountry, .customerExclusion, .customerRiskBand, .customerCollectionMethod, .invoiceStatus,
            .paymentMethod:
            true
        default: false
        }
    }
}
