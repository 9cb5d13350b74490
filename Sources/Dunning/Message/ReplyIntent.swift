import Foundation

/// What somebody who answers a text message wants, as far as a machine may decide it.
///
/// Only a message that is nothing but one of the usual words counts; everything else is for a person to read. The English
/// words are those that may not be refused (47 CFR 64.1200(a)(10)), with what gateways and other languages use besides.
package enum ReplyIntent: String, Hashable, Sendable, CaseIterable {
    /// No more messages to this number.
    case stop
    /// Messages may come again.
    case start
    /// Anything else.
    case other

    package init(_ text: String) {
        let words = Self.plain(text)
        self = Self.stopWords.contains(words) ? .stop : Self.startWords.contains(words) ? .start : .other
    }

    /// Whether a message tells its reader a word that ends messages. Words that are common in other sentences ("end",
    /// "cancel") are no offer.
    static func isOffered(by message: String) -> Bool {
        let words = " " + plain(message, upTo: message.count) + " "
        return offers.contains { words.contains(" \($0) ") } || spoken.contains { words.contains($0) }
    }

    /// Lower case, without accents, and with one blank for whatever is no letter or digit.
    private static func plain(_ text: String, upTo limit: Int = 200) -> String {
        var result = ""
        var gap = false
        for scalar in text.prefix(limit).lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars {
            if scalar.properties.generalCategory == .nonspacingMark { continue }
            guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
                gap = !result.isEmpty
                continue
            }
            if gap { result.append(" ") }
            gap = false
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static let stopWords: Set<String> = [
        "stop", "stop all", "stopall", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe",
        "stopp", "abmelden", "abbestellen", "keine sms", "arret", "arreter", "desabonner", "desinscrire", "alto",
        "baja", "parar", "cancelar", "basta", "disiscrivi", "sair", "afmelden", "停止", "配信停止", "解除",
    ]
    private static let offers: Set<String> = [
        "stop", "stop all", "stopall", "opt out", "unsubscribe", "stopp", "abmelden", "abbestellen", "keine sms",
        "arret", "desabonner", "desinscrire", "baja", "disiscrivi", "afmelden",
    ]
    /// Written without blanks around them.
    private static let spoken = ["停止", "解除"]
    private static let startWords: Set<String> = [
        "start", "unstop", "resume", "opt in", "optin", "subscribe", "starten", "anmelden", "reprendre", "inscrire",
        "iniciar", "alta", "reanudar", "再開", "配信再開",
    ]
}
