"""A reminder worker as one would write it in Python: Procrastinate, psycopg, Jinja2, aiosmtplib.

Per reminder, what Recoup does: reads the facts, decides, writes the rendered message and marks it as leaving, sends it over a
kept connection, records the outcome with an entry in the audit. JOBS reminders over SESSIONS connections to 127.0.0.1:PORT.
Prints jobs and seconds as JSON.
"""

import asyncio
import datetime
import json
import os
import time
from email.message import EmailMessage
from email.utils import make_msgid

import aiosmtplib
import jinja2
import procrastinate
import psycopg_pool

JOBS, SESSIONS, PORT = (int(os.environ[name]) for name in ("JOBS", "SESSIONS", "PORT"))
URL = os.environ["DATABASE_URL"]

TABLES = """
drop schema if exists peer cascade;
create schema peer;
create table peer.customer (id bigint primary key, name text not null, email text not null, held boolean not null);
create table peer.invoice (
    id bigint primary key, customer_id bigint not null references peer.customer, number text not null,
    amount numeric(12, 2) not null, paid numeric(12, 2) not null, due date not null);
create index on peer.invoice (customer_id);
create table peer.message (
    id bigint generated always as identity primary key, customer_id bigint not null references peer.customer,
    state text not null, bytes bytea not null, at timestamptz not null default now());
create table peer.audit (
    id bigint generated always as identity primary key, action text not null, subject bigint not null,
    at timestamptz not null default now(), detail jsonb not null);
insert into peer.customer select g, 'Customer ' || g, 'c' || g || '@debtor.example', false from generate_series(1, %(jobs)s) g;
insert into peer.invoice
select g, g, 'R-' || g, 10 + g %% 90, 0, '2026-11-10' from generate_series(1, %(jobs)s) g;
analyze peer.customer, peer.invoice;
"""

environment = jinja2.Environment(autoescape=True)
TEXT = jinja2.Environment().from_string(
    "Dear {{ name }},\n\nthe following is still open:\n"
    "{% for i in invoices %}{{ i[0] }}  due {{ i[2] }}  {{ '%.2f' | format(i[1]) }} USD\n{% endfor %}\n"
    "Please pay {{ '%.2f' | format(total) }} USD.\n\nYours sincerely\nBench, 18 Mill Street\n")
HTML = environment.from_string(
    "<html><body><p>Dear {{ name }},</p><table>{% for i in invoices %}<tr><td>{{ i[0] }}</td><td>{{ i[2] }}</td>"
    "<td>{{ '%.2f' | format(i[1]) }} USD</td></tr>{% endfor %}</table><p>Please pay {{ '%.2f' | format(total) }} USD.</p>"
    "<p>Yours sincerely<br>Bench, 18 Mill Street</p></body></html>")

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=URL, max_size=SESSIONS + 2))
pool = psycopg_pool.AsyncConnectionPool(URL, min_size=SESSIONS, max_size=SESSIONS, open=False)
wires: asyncio.Queue = asyncio.Queue()
sent = 0


def render(name, email, invoices):
    total = sum(i[1] for i in invoices)
    mail = EmailMessage()
    mail["From"], mail["To"] = "Bench <billing@bench.example>", email
    mail["Subject"] = f"Payment reminder: {total:.2f} USD"
    mail["Message-ID"] = make_msgid(domain="bench.example")
    mail["Date"] = datetime.datetime.now(datetime.timezone.utc)
    values = {"name": name, "invoices": invoices, "total": total}
    mail.set_content(TEXT.render(values))
    mail.add_alternative(HTML.render(values), subtype="html")
    return mail


@app.task(name="remind")
async def remind(customer: int) -> None:
    global sent
    async with pool.connection() as connection, connection.transaction():
        found = await (await connection.execute(
            "select name, email, held from peer.customer where id = %s for update", (customer,))).fetchone()
        invoices = await (await connection.execute(
            "select number, amount - paid, due from peer.invoice where customer_id = %s and paid < amount order by due",
            (customer,))).fetchall()
        if found[2] or not invoices:
            return
        mail = render(found[0], found[1], invoices)
        message = (await (await connection.execute(
            "insert into peer.message (customer_id, state, bytes) values (%s, 'sending', %s) returning id",
            (customer, mail.as_bytes()))).fetchone())[0]
    wire = await wires.get()
    try:
        _, reply = await wire.send_message(mail)
    finally:
        wires.put_nowait(wire)
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("update peer.message set state = 'accepted' where id = %s", (message,))
        await connection.execute(
            "insert into peer.audit (action, subject, detail) values ('message.sent', %s, %s)",
            (message, json.dumps({"reply": reply})))
    sent += 1


async def main() -> None:
    async with app.open_async(), pool:
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        async with pool.connection() as connection:
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    await connection.execute(statement, {"jobs": JOBS} if "%(jobs)s" in statement else None)
        for start in range(0, JOBS, 1_000):
            await remind.batch_defer_async(
                *({"customer": n + 1} for n in range(start, min(start + 1_000, JOBS))))
        for _ in range(SESSIONS):
            wire = aiosmtplib.SMTP(hostname="127.0.0.1", port=PORT, start_tls=False, use_tls=False)
            await wire.connect()
            wires.put_nowait(wire)
        begun = time.monotonic()
        await app.run_worker_async(wait=False, concurrency=SESSIONS, install_signal_handlers=False)
        print(json.dumps({"jobs": sent, "seconds": time.monotonic() - begun}))


asyncio.run(main())
