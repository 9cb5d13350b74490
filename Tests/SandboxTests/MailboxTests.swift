import Foundation
import Testing

@testable import recoup_sandbox

@Suite(.timeLimit(.minutes(10))) struct `The mailbox page` {
    private static let hostile =
        "From: \"</b><script>alert(1)</script>\" <x@evil.example>\r\nTo: <script>alert(2)</script>@y.example\r\n"
        + "Subject: <script>alert(3)</script><img src=x onerror=alert(4)>\r\nX-Recoup-Attempt: <script>alert(5)</script>\r\n"
        + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n</pre><script>alert(6)</script>\r\n"
        + "--b\r\nContent-Type: text/html\r\n\r\n<script>alert(7)</script>\r\n"
        + "--b\r\nContent-Type: text/html; name=\"<script>alert(8)</script>\\\"x.html\"\r\nContent-Disposition: attachment\r\n\r\n"
        + "<script>alert(9)</script>\r\n--b--\r\n"

    @Test(arguments: ["/", "/?show=all", "/mail/1", "/mail/1/text", "/mail/1/headers", "/mail/1/raw", "/mail/1/html"])
    func `a hostile mail stays text on every page`(path: String) async throws {
        try await withSandbox { sandbox in
            try await sandbox.send(Self.hostile)
            let (status, data, headers) = try await sandbox.web.send("GET", path)
            let page = String(decoding: data, as: UTF8.self)
            #expect(status == 200)
            #expect(!page.contains("<script") && !page.contains("<img"))
            #expect(page.contains("&lt;script&gt;alert("))
            #expect(headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(headers["content-security-policy"]?.contains("script-src") == false)
        }
    }

    @Test func `the HTML of a mail is locked in, on the page and on its own`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.send(Self.hostile)
            let page = try await sandbox.web.get("/mail/1").body
            let frame = try #require(page.split(separator: "<iframe").last?.split(separator: ">").first)
            #expect(frame.contains("src=\"/mail/1/body\""))
            #expect(frame.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""))
            let (_, data, headers) = try await sandbox.web.send("GET", "/mail/1/body")
            #expect(String(decoding: data, as: UTF8.self).contains("<script>alert(7)"))
            let policy = try #require(headers["content-security-policy"])
            #expect(policy.contains("default-src 'none'") && policy.contains("sandbox allow-popups"))
            #expect(!policy.contains("allow-scripts") && !policy.contains("allow-same-origin"))
        }
    }

    @Test func `an attachment is a download, whatever it says it is`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.send(Self.hostile)
            let (status, data, headers) = try await sandbox.web.send("GET", "/mail/1/attachment/0")
            #expect(status == 200 && String(decoding: data, as: UTF8.self) == "<script>alert(9)</script>")
            #expect(
                headers["content-type"] == "application/octet-stream" && headers["x-content-type-options"] == "nosniff")
            let disposition = try #require(headers["content-disposition"])
            #expect(disposition == "attachment; filename=\"_script_alert_8___script__x.html\"")
            #expect(try await sandbox.web.get("/mail/1/attachment/1").status == 404)
            #expect(try await sandbox.web.get("/mail/1/attachment/-1").status == 404)
        }
    }

    @Test func `mails are paged, newest first`() async throws {
        try await withSandbox { sandbox in
            let wire = try await sandbox.session()
            for number in 1...120 {
                _ = await wire.deliver("Subject: number \(number).\r\n\r\nx\r\n", to: "r\(number)@x.example")
            }
            let first = try await sandbox.web.get("/").body
            #expect(first.contains("number 120.") && first.contains("number 71.") && !first.contains("number 70."))
            #expect(first.contains("1–50 of 120") && first.contains("href=\"/?page=2\"") && !first.contains("Newer"))
            let last = try await sandbox.web.get("/?page=3").body
            #expect(last.contains("number 20.") && last.contains("number 1.") && !last.contains("number 21."))
            #expect(last.contains("101–120 of 120") && last.contains("href=\"/?page=2\"") && !last.contains("Older"))
            let newest = try #require(first.firstRange(of: "number 120."))
            #expect(newest.lowerBound < (try #require(first.firstRange(of: "number 119."))).lowerBound)
            for path in ["/?page=99", "/?page=0", "/?page=x", "/?page=99999999999999999999"] {
                #expect(try await sandbox.web.get(path).status == 200)
            }
        }
    }

    @Test func `the filter finds recipients and is carried along`() async throws {
        try await withSandbox { sandbox in
            let wire = try await sandbox.session()
            for number in 1...60 {
                _ = await wire.deliver("Subject: to anna \(number).\r\n\r\nx\r\n", to: "Anna+\(number)@x.example")
            }
            _ = await wire.deliver("Subject: to bob\r\n\r\nx\r\n", to: "bob@x.example")
            let found = try await sandbox.web.get("/?to=anna%2B").body
            #expect(found.contains("of 60") && !found.contains("to bob") && found.contains("value=\"anna+\""))
            #expect(found.contains("href=\"/?to=anna%2B&amp;page=2\""))
            let hostile = try await sandbox.web.get("/?to=%22%3E%3Cscript%3E").body
            #expect(!hostile.contains("<script") && hostile.contains("Nothing here"))
        }
    }

    @Test func `refused mails are shown on request and say where they ended`() async throws {
        try await withSandbox { sandbox in
            try await sandbox.script(#"[{"stage": "rcpt", "action": "reply", "code": 550}]"#)
            try await sandbox.send()
            #expect(try await sandbox.web.get("/").body.contains("refused at rcpt") == false)
            #expect(try await sandbox.web.get("/?show=all").body.contains("refused at rcpt"))
            #expect(
                try await sandbox.web.get("/mail/1").body.contains("ended at rcpt with “550 5.1.1 no such mailbox”"))
        }
    }

    @Test func `an empty mailbox says where to send`() async throws {
        try await withSandbox { sandbox in
            let page = try await sandbox.web.get("/").body
            #expect(page.contains("127.0.0.1:\(sandbox.addresses.smtp)") && !page.contains("http-equiv"))
            let live = try await sandbox.web.get("/?live=1").body
            #expect(live.contains("http-equiv=\"refresh\""))
        }
    }

    @Test(arguments: ["/mail/1", "/mail/x", "/mail/1/text", "/mail/1/nothing", "/mail/1/body"])
    func `a mail that is not there has a page that says so`(path: String) async throws {
        try await withSandbox { sandbox in
            let (status, body) = try await sandbox.web.get(path)
            #expect(status == 404 && body.contains("Back to the mailbox"))
        }
    }
}
