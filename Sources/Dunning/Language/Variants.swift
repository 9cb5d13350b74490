/// What exists in several languages, and the choice among them.
package struct Variants<Text> {
    /// The language that is left when no other fits: the first in which the text was saved.
    package let original: LanguageTag
    package let texts: [LanguageTag: Text]

    package init(original: LanguageTag, _ texts: [LanguageTag: Text]) {
        self.original = original
        self.texts = texts
    }

    /// The text for a customer of a brand, and the locale to write it in.
    ///
    /// The customer's own language is looked for first, from the exact tag to the bare language; then the brand's; then
    /// the original is taken. A customer in `en-IN` gets the English text with Indian amounts and dates; one whose
    /// language is missing gets another text that is consistent in itself.
    package func choice(customer: LanguageTag?, brand: LanguageTag) -> (text: Text, locale: LanguageTag)? {
        for wanted in [customer, brand, original].compactMap({ $0 }) {
            for tag in wanted.lookup {
                if let text = texts[tag] { return (text, wanted) }
            }
        }
        return nil
    }
}

extension Variants: Sendable where Text: Sendable {}
