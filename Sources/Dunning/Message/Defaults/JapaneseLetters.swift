/// A company is addressed with 御中, a person with 様; nouns have no plural.
extension DefaultLetters {
    static let japanese = DefaultLetters(
        words: LetterWords(
            locale: .japanese,
            dearContact: "{{#customer.company}}{{customer.company}}　{{/customer.company}}{{contact.name}} 様",
            dearCustomer:
                "{{#customer.company}}{{customer.company}} 御中{{/customer.company}}"
                + "{{^customer.company}}{{customer.name}} 様{{/customer.company}}",
            invoice: "請求書番号", dueDate: "お支払期限", overdue: "経過日数", days: "{{days_overdue}}日",
            invoiceTotal: "ご請求金額", openAmount: "お支払残高", unlisted: "このほかの請求書の件数（合計に含まれます）",
            total: "合計（{{currency}}）", credit: "充当前のお預かり金",
            reference:
                "お支払いの際は、請求書番号{{#customer.external_id}}とお客様番号（{{customer.external_id}}）"
                + "{{/customer.external_id}}をご明記くださいますようお願いいたします。",
            colon: "："),
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
            ]))

    private static let greeting = "何卒よろしくお願い申し上げます。"
    private static let alreadyPaid =
        "本メールと行き違いにお支払い済みの場合は、何卒ご容赦ください。お支払いから数日以上が経過している場合は、お手数ですが、"
        + "お支払日とお振込名義をお知らせください。確認いたします。"
    private static let reply =
        "ご連絡は、本メールへのご返信{{#brand.phone}}、またはお電話（{{brand.phone}}）{{/brand.phone}}にて承ります。"
    private static let unpaid =
        "{{today}}現在、下記の請求書{{invoice_count}}件（合計{{total}}）につきまして、ご入金の確認ができておりません。"
        + "最も古いお支払期限は{{oldest_due_date}}で、すでに{{oldest_days_overdue}}日が経過しております。"
}
