extension PersonalLetters {
    static let japanese = PersonalLetters(
        friendly: Letter(
            title: "お支払いのご確認",
            subject: "お支払いについてのご確認（{{total}}）",
            opening: [
                "いつもご利用いただき、ありがとうございます。",
                "{{today}}現在、下記のご請求{{invoice_count}}件（合計{{total}}）のお支払いを確認できておりません。お忙しいところ恐れ入りますが、数日中にお支払"
                    + "いくださいますようお願いいたします。",
            ],
            closing: [
                "すでにお支払いいただいている場合は、ありがとうございます。本メールへのご対応は不要です。",
                "一度でのお支払いが難しい場合や、ご請求内容に誤りがあると思われる場合は、お知らせください。分割でのお支払いなど、できる限りお手伝いいたします。"
                    + reply,
                greeting,
            ],
            sms:
                "【{{brand.name}}】{{total}}のお支払い（期限 {{oldest_due_date}}）を確認できておりません。お支払い済みの場合はご容赦ください。"
                + "{{#brand.phone}}お問い合わせ {{brand.phone}} {{/brand.phone}}配信停止は「停止」とご返信ください。"),
        firm: Letter(
            title: "お支払期限経過のお知らせ",
            subject: "お支払期限経過のお知らせ（{{total}}）",
            opening: [
                "いつもご利用いただき、ありがとうございます。",
                unpaid,
                "本メールの日付から14日以内にお支払いいただくか、お支払いいただける時期をお知らせくださいますようお願いいたします。",
            ],
            closing: [
                alreadyPaid,
                "お支払いが難しいご事情がございましたら、どうぞお早めにご相談ください。分割でのお支払いも承ります。ご請求内容に誤りがあると思われる場合は、その内容をお知らせください。"
                    + reply,
                greeting,
            ],
            sms:
                "【{{brand.name}}】{{total}}（期限 {{oldest_due_date}}）のお支払いを確認できておりません。お支払い、またはご相談をお願いいたします。"
                + "{{#brand.phone}}お電話 {{brand.phone}} {{/brand.phone}}配信停止は「停止」とご返信ください。"),
        final: Letter(
            title: "最終のお支払いのお願い",
            subject: "【最終のお願い】お支払いについて（{{total}}）",
            opening: [
                "いつもご利用いただき、ありがとうございます。",
                unpaid,
                "本メールをもちまして、最後のご案内とさせていただきます。本メールの日付から14日以内にお支払いもご連絡もいただけない場合は、今後の対応を弊社の担当者が判断いたします。弊社といた"
                    + "しましては、お客様と直接解決できることを心より願っております。",
            ],
            closing: [
                alreadyPaid,
                "全額のお支払いが難しい場合、お時間が必要な場合、ご請求内容にご異議がある場合は、上記の期間内にご連絡ください。解決の方法をご一緒に検討いたします。"
                    + reply,
                greeting,
            ]),
        renewal: Letter(
            title: "ご契約のお支払いについて",
            subject: "ご契約のお支払いについて（{{total}}）",
            opening: [
                "いつもご利用いただき、ありがとうございます。",
                "{{today}}現在、ご契約に関する下記のご請求{{invoice_count}}件（合計{{total}}）のお支払いを確認できておりません。カードの有効期限切れや、口座の"
                    + "変更などが考えられます。数日中にお支払いくださいますようお願いいたします。",
            ],
            closing: [
                "ご契約は、これまでどおり継続しております。すでにお支払いいただいている場合は、本メールはご放念くださいますようお願いいたします。",
                "ご請求内容の誤りや、ご契約についてのご質問がございましたら、お知らせください。"
                    + reply,
                greeting,
            ],
            sms:
                "【{{brand.name}}】ご契約の料金{{total}}（期限 {{oldest_due_date}}）のお支払いを確認できておりません。お支払い済みの場合はご容赦ください。"
                + "{{#brand.phone}}お問い合わせ {{brand.phone}} {{/brand.phone}}配信停止は「停止」とご返信ください。"),
        renewalFirm: Letter(
            title: "ご契約のお支払期限経過のお知らせ",
            subject: "ご契約のお支払期限経過のお知らせ（{{total}}）",
            opening: [
                "いつもご利用いただき、ありがとうございます。",
                unpaid,
                "ご契約を中断なく継続いただくため、本メールの日付から7日以内にお支払いいただくか、お支払予定日をお知らせくださいますようお願いいたします。",
            ],
            closing: [
                alreadyPaid,
                "一度でのお支払いが難しい場合や、ご請求内容にご異議がある場合は、ご相談ください。解決の方法をご一緒に検討いたします。"
                    + reply,
                greeting,
            ],
            sms:
                "【{{brand.name}}】ご契約の料金{{total}}のお支払期限を過ぎております。7日以内にお支払い、またはご連絡をお願いいたします。{{#brand.phone}}お電話 "
                + "{{brand.phone}} {{/brand.phone}}配信停止は「停止」とご返信ください。"),
        pause: Letter(
            title: "ご契約の一時停止について",
            subject: "【最終のお願い】ご契約の一時停止について（{{total}}）",
            opening: [
                "いつもご利用いただき、ありがとうございます。",
                unpaid,
                "本メールをもちまして、最後のご案内とさせていただきます。本メールの日付から7日以内にお支払いもご連絡もいただけない場合は、ご契約を一時停止させていただきます。お支払いを確認でき"
                    + "次第、再開いたします。",
            ],
            closing: [
                alreadyPaid,
                "お時間が必要な場合や、ご請求内容にご異議がある場合は、上記の7日以内にご連絡ください。解決の方法をご一緒に検討いたします。"
                    + reply,
                greeting,
            ]))

    private static let words = LetterWords.japanese
    private static var unpaid: String { words.unpaid }
    private static var alreadyPaid: String { words.alreadyPaid }
    private static var reply: String { words.reply }
    private static let greeting = "どうぞよろしくお願いいたします。"
}
