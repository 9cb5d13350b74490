/// Where a template is used: what its text alone cannot tell.
package struct TemplateUse: Hashable, Sendable {
    /// Who sends it; with none, a brand is made up that says of itself what new brands do.
    package var senders: [BrandIdentity]
    /// What its readers read, as far as customers and brands say.
    package var readers: Set<LanguageTag>
    /// In which it is written, the looked-at text included.
    package var written: Set<LanguageTag>
    /// The lowest stage of the steps that send it; `nil` when none does, and then no stern word is too early.
    package var stage: Int?

    package init(
        senders: [BrandIdentity] = [], readers: Set<LanguageTag> = [], written: Set<LanguageTag> = [],
        stage: Int? = nil
    ) {
        self.senders = senders
        self.readers = readers
        self.written = written
        self.stage = stage
    }

    /// The readers' languages in which there is no text, sorted: those readers get another language.
    package var unwritten: [LanguageTag] {
        readers.filter { reader in reader.lookup.allSatisfy { !written.contains($0) } }.sorted { $0.text < $1.text }
    }
}
