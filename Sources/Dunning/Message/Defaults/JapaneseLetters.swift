/// A company is addressed with 御中, a person with 様; nouns have no plural.
extension LetterWords {
    static let japanese = LetterWords(
        locale: .japanese,
        dearContact: "{{#customer.company}}{{customer.company}}　{{/customer.company}}{{contact.name}} 様",
        dearCustomer: company("{{customer.company}} 御中", person: "{{customer.name}} 様"),
        invoice: "請求書番号", dueDate: "お支払期限", overdue: "経過日数", days: "{{days_overdue}}日",
        invoiceTotal: "ご請求金額", openAmount: "お支払残高", unlisted: "このほかの請求書の件数（合計に含まれます）",
        total: "合計（{{currency}}）", credit: "充当前のお預かり金",
        reference:
            "お支払いの際は、請求書番号{{#customer.external_id}}とお客様番号（{{customer.external_id}}）"
            + "{{/customer.external_id}}をご明記くださいますようお願いいたします。",
        unpaid:
            "{{today}}現在、下記の請求書{{invoice_count}}件（合計{{total}}）につきまして、ご入金の確認ができておりません。"
            + "最も古いお支払期限は{{oldest_due_date}}で、すでに{{oldest_days_overdue}}日が経過しております。",
        alreadyPaid: "本メールと行き違いにお支払い済みの場合は、何卒ご容赦ください。お支払いから数日以上が経過している場合は、お手数ですが、"
            + "お支払日とお振込名義をお知らせください。確認いたします。",
        reply: "ご連絡は、本メールへのご返信{{#brand.phone}}、またはお電話（{{brand.phone}}）{{/brand.phone}}にて承ります。",
        colon: "：")
}

extension DefaultLetters {
    static let japanese = DefaultLetters(
        words: words,
        courtesy: Letter(
            title: "お支払期限のご案内",
            subject: "お支払期限のご案内（{{oldest_due_date}}、{{total}}）",
            opening: [
                "平素より格別のお引き立てを賜り、誠にありがとうございます。",
                "下記のご請求（{{total}}）につきまして、{{oldest_due_date}}がお支払期限となっておりますので、ご案内申し上げます。",
            ],
            closing: [
                "すでにお支払いのお手続きがお済みの場合は、ご対応いただくことはございません。行き違いでお支払いいただいておりました"
                    + "ら、御礼を申し上げますとともに、本メールはご放念くださいますようお願いいたします。",
                "請求内容にご不明な点がございましたら、お早めにお知らせください。" + reply,
                "今後ともよろしくお願い申し上げます。",
            ]),
        approval: Letter(
            title: "お支払い前のご確認",
            subject: "お支払い前のご確認（{{oldest_due_date}}期限、{{total}}）",
            opening: [
                "平素より大変お世話になっております。",
                "下記の請求書{{invoice_count}}件（合計{{total}}）につきまして、{{oldest_due_date}}がお支払期限となっております。お支払いのお手続きに"
                    + "不足しているものがないか、念のためご確認をお願いいたします。",
                "ご注文番号やご承認に必要な書類などに不足がございましたら、期限に間に合うようご用意いたしますので、お早めにお知らせください。",
            ],
            closing: [
                "特に問題がない場合は、ご対応いただくことはございません。行き違いでお支払いいただいておりましたら、御礼を申し上げますとともに、本メールはご放念くださいますようお願いいたします。",
                reply,
                "今後ともよろしくお願い申し上げます。",
            ]),
        friendly: Letter(
            title: "お支払いご確認のお願い",
            subject: "お支払いご確認のお願い（{{total}}）",
            opening: [
                "平素より大変お世話になっております。",
                "{{today}}現在、下記の請求書{{invoice_count}}件（合計{{total}}）につきまして、お支払期限を過ぎておりますが、"
                    + "ご入金の確認ができておりません。ご多用のところ恐れ入りますが、ご確認のうえ、数日中にお支払いくださいますよう"
                    + "お願い申し上げます。",
            ],
            closing: [
                alreadyPaid, "お支払いが難しいご事情や、請求内容に誤りがございましたら、どうぞお知らせください。" + reply, greeting,
            ]),
        neutral: Letter(
            title: "お支払状況のご確認",
            subject: "お支払状況のご確認（{{total}}）",
            opening: [
                "平素より大変お世話になっております。",
                unpaid,
                "お支払いのお手続きをお願いいたします。ご注文番号や請求書の写しなど、お手続きに必要なものがございましたら、お申し付けください。",
            ],
            closing: [
                alreadyPaid,
                "請求内容に誤りがございましたら、あわせてお知らせください。"
                    + reply,
                greeting,
            ]),
        firm: Letter(
            title: "お支払期限経過のお知らせ",
            subject: "お支払期限経過のお知らせ（{{total}}）",
            opening: [
                "平素より大変お世話になっております。", unpaid,
                "つきましては、7日以内にお支払いいただくか、お支払予定日をご連絡くださいますようお願い申し上げます。",
            ],
            closing: [
                alreadyPaid,
                "請求内容にご異議がある場合や、一括でのお支払いが難しい場合は、ご相談ください。解決の方法をご一緒に検討いたします。"
                    + reply,
                greeting,
            ]),
        final: Letter(
            title: "最終のお支払いのお願い",
            subject: "【最終のお願い】お支払いについて（{{total}}）",
            opening: [
                "平素より大変お世話になっております。", unpaid,
                "本メールをもちまして、最後のご案内とさせていただきます。本メールの日付から7日以内にお支払いもご連絡もいただけない"
                    + "場合は、本件を次の手続きへ移させていただきます。弊社といたしましては、お客様と直接解決できることを心より"
                    + "願っております。",
            ],
            closing: [
                alreadyPaid,
                "請求内容にご異議がある場合や、分割でのお支払いをご希望の場合は、上記の期間内にご連絡ください。" + reply, greeting,
            ]),
        promise: Letter(
            title: "ご予定のお支払いについて",
            subject: "ご予定のお支払いについて（{{total}}）",
            opening: [
                "平素より大変お世話になっております。",
                "お支払いのご予定をお知らせいただいておりましたが、{{today}}現在、ご入金の確認ができておりません。下記の請求書{{invoice_count}}件（合計"
                    + "{{total}}）が未決済となっております。",
                "お手数ですが、状況をご確認のうえ、お支払予定日をあらためてお知らせくださいますようお願い申し上げます。",
            ],
            closing: [
                alreadyPaid,
                "ご事情に変更がございましたら、ご相談ください。解決の方法をご一緒に検討いたします。"
                    + reply,
                greeting,
            ]),
        personal: .japanese)

    private static let greeting = "何卒よろしくお願い申し上げます。"
    private static let words = LetterWords.japanese
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
}
