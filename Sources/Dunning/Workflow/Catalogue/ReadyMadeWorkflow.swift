/// A workflow to start from: a document of the catalogue, with the letters that its steps send.
///
/// Installed, it is the tenant's own: nothing of it is changed by later releases.
package struct ReadyMadeWorkflow: Hashable, Sendable {
    /// Its name in the catalogue.
    package let key: String
    /// Whom it is for and how it goes about it, in one or two sentences.
    package let purpose: String
    /// What is published; its name is the workflow's.
    package let document: WorkflowDocument
    /// The letters its steps send, in the order of the steps.
    package let letters: [DefaultTemplate]

    package static let all = [b2bGentle, b2bFirm, b2c, subscription, predue, enterprise]

    package static func named(_ key: String) -> ReadyMadeWorkflow? { all.first { $0.key == key } }

    /// The text messages and mails it may send, and whatever else reaches the customer.
    package var channels: [Step.Kind] {
        Step.Kind.allCases.filter { kind in kind.isWritten && document.steps.contains { $0.step.kind == kind } }
    }

    package var tones: [Tone] {
        Tone.allCases.filter { tone in letters.contains { $0.tone == tone } }
    }

    init(_ key: String, _ purpose: String, _ document: DocumentValue) {
        guard case .success(let document) = Result(catching: { try WorkflowDocument(document) }) else {
            preconditionFailure("the catalogue's own document \(key) is sound")
        }
        self.key = key
        self.purpose = purpose
        self.document = document
        var letters: [DefaultTemplate] = []
        for name in document.steps.compactMap(\.template) where !letters.contains(where: { $0.name == name }) {
            guard let letter = DefaultTemplate.every.first(where: { $0.name == name }) else {
                preconditionFailure("the catalogue's own document \(key) sends a letter there is")
            }
            letters.append(letter)
        }
        self.letters = letters
    }
}
