/// The one style sheet, sent inside each page.
enum Style {
    static let sheet: HTML = """
        :root{--page:#f4f5f8;--card:#fff;--ink:#171a26;--soft:#636a80;--line:#e4e6ee;--hover:#f7f7fd;--accent:#4f46e5;
        --good:#0a7d4f;--good-bg:#e3f6ed;--bad:#b3261e;--bad-bg:#fdeceb;--warn:#8a5300;--warn-bg:#fdf1dc}
        @media(prefers-color-scheme:dark){:root{--page:#101219;--card:#191c26;--ink:#e9ebf4;--soft:#99a0b8;
        --line:#2a2e3d;
        --hover:#20242f;--accent:#9d97ff;--good:#5fd6a3;--good-bg:#12352a;--bad:#ff9a92;--bad-bg:#3b1b1a;--warn:#f2bd6c;
        --warn-bg:#3a2a10}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
        "Helvetica Neue",Arial,sans-serif;-webkit-font-smoothing:antialiased}
        a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
        a:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        i,em{font-style:normal}small{color:var(--soft);font-size:13px}
        .bar{position:sticky;top:0;z-index:1;background:var(--card);border-bottom:1px solid var(--line)}
        .inner{max-width:1120px;margin:auto;padding:12px 24px;display:flex;gap:24px;align-items:center;flex-wrap:wrap}
        .brand{display:flex;gap:10px;align-items:center;color:var(--ink);font-weight:650;font-size:17px;
        letter-spacing:-.01em}
        .brand:hover{text-decoration:none}.brand small{font-weight:400;font-size:15px;margin-left:-4px}
        .search{flex:1;min-width:180px;max-width:420px}
        .search input{width:100%;padding:8px 14px;border:1px solid var(--line);border-radius:9px;background:var(--page);
        color:inherit;font:inherit}
        .counts{display:flex;gap:18px;margin:0 0 0 auto;padding:0;list-style:none;color:var(--soft);font-size:13px}
        .counts b{font-size:15px;font-variant-numeric:tabular-nums;color:var(--ink)}
        .counts .accepted b{color:var(--good)}.counts .refused b,.counts .dropped b{color:var(--bad)}
        .counts .waiting b{color:var(--warn)}.counts .zero b{color:var(--soft);font-weight:400}
        main{max-width:1120px;margin:0 auto;padding:28px 24px 64px}
        h1{font-size:22px;line-height:1.3;letter-spacing:-.015em;margin:0;overflow-wrap:anywhere}
        .head{display:flex;justify-content:space-between;align-items:center;gap:16px;margin-bottom:16px;flex-wrap:wrap}
        .clear{font-size:14px;font-weight:400;margin-left:8px}
        .views{display:flex;gap:10px}
        .choices{display:flex;gap:4px;background:var(--card);border:1px solid var(--line);border-radius:10px;
        padding:3px}
        .choices a{padding:4px 12px;border-radius:7px;color:var(--soft);font-size:13px}
        .choices a:hover{text-decoration:none;color:var(--ink)}
        .choices a[aria-current]{background:var(--accent);color:var(--card);font-weight:600}
        .mails,article,.empty{background:var(--card);border:1px solid var(--line);border-radius:14px;
        box-shadow:0 1px 2px rgb(20 22 40/.04)}
        .mails{margin:0;padding:0;list-style:none;overflow:hidden}.mails li+li{border-top:1px solid var(--line)}
        .row{display:grid;grid-template-columns:40px minmax(140px,220px) 1fr auto auto;gap:16px;align-items:center;
        padding:12px 20px;color:inherit}
        .row:hover{background:var(--hover);text-decoration:none}.row:focus-visible{outline-offset:-3px}
        .row b,.row small{display:block;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
        .row b small{display:inline}
        .row b{font-weight:600}.who,.what{min-width:0}
        .row time{color:var(--soft);font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap}
        .tags{display:flex;gap:6px}
        .avatar{display:grid;place-items:center;width:40px;height:40px;border-radius:50%;font-size:14px;font-weight:650;
        background:hsl(var(--hue) 65% 90%);color:hsl(var(--hue) 55% 30%);flex:none}
        @media(prefers-color-scheme:dark){.avatar{background:hsl(var(--hue) 30% 24%);color:hsl(var(--hue) 70% 80%)}}
        .badge,.clip{padding:2px 9px;border-radius:99px;background:var(--page);color:var(--soft);font-size:12px;
        white-space:nowrap}
        .badge.accepted{background:var(--good-bg);color:var(--good)}
        .badge.refused{background:var(--bad-bg);color:var(--bad)}
        .badge.dropped{background:var(--warn-bg);color:var(--warn)}
        .pager{display:flex;gap:20px;justify-content:center;margin-top:20px;color:var(--soft);font-size:14px}
        .empty{padding:64px 24px;text-align:center;color:var(--soft)}
        .empty h2{color:var(--ink);margin:0 0 8px;font-size:19px}
        .empty p{margin:4px 0}code{background:var(--page);padding:2px 7px;border-radius:6px}
        .crumbs{display:flex;justify-content:space-between;margin-bottom:14px;font-size:14px}
        .crumbs span{display:flex;gap:18px}.crumbs em{color:var(--soft);opacity:.5}
        article{padding:26px 28px}
        .facts{display:flex;gap:14px;align-items:center;margin:16px 0 4px;flex-wrap:wrap}.people{flex:1;min-width:220px}
        .people,.when{overflow-wrap:anywhere}.when{text-align:right;color:var(--soft);font-size:13px}
        .when .badge{display:inline-block;margin-top:5px}
        .attachments{display:flex;gap:8px;flex-wrap:wrap;list-style:none;margin:16px 0 0;padding:0}
        .attachments li{border:1px solid var(--line);border-radius:9px;padding:6px 12px}
        .tabs{display:flex;gap:24px;margin-top:20px;border-bottom:1px solid var(--line)}
        .tabs a{padding:9px 2px;color:var(--soft);border-bottom:2px solid transparent;margin-bottom:-1px}
        .tabs a:hover{text-decoration:none;color:var(--ink)}
        .tabs a[aria-current]{color:var(--accent);border-color:var(--accent);font-weight:600}
        .body{width:100%;margin:18px 0 0}
        iframe.body{border:1px solid var(--line);border-radius:10px;background:#fff;
        height:max(420px,calc(100vh - 440px))}
        pre.body{overflow:auto;font:13px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        pre.text{white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px}
        table.body{border-collapse:collapse;font-size:14px;table-layout:fixed}
        caption{text-align:left;color:var(--soft);font-size:12px;padding-bottom:6px;text-transform:uppercase;
        letter-spacing:.05em}
        th,td{text-align:left;vertical-align:top;padding:7px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
        th{width:200px;font-weight:500;color:var(--soft);padding-right:16px}
        .note{color:var(--soft);margin:18px 0 0}
        @media(max-width:760px){.row{grid-template-columns:40px 1fr auto;gap:4px 12px}.what{grid-column:2/-1}
        .row time{grid-row:1;grid-column:3}.tags{grid-column:2/-1}.when{text-align:left}.counts{margin:0}
        main,article{padding:18px}
        th{width:110px}}
        """
}
