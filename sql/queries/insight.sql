-- name: insight_settings(tenant uuid) -> zone text, base_currency text?, aging_edges smallint[]
-- What a tenant's numbers depend on: its days, its base currency, and the edges its rollups were made with.
select t.zone, t.base_currency, coalesce(b.aging_edges, t.aging_edges) as aging_edges
from tenant t
left join receivable_book b on b.tenant_id = $1
where t.tenant_id = $1;

-- name: insight_cells(tenant uuid, brand uuid?, currency text?, back date, from date, to date)
--+ -> currency text, cell date, invoiced bigint, credited bigint, paid bigint, settled bigint, written_off bigint,
--+ refunded bigint, open bigint, late_0 bigint, late_1 bigint, late_2 bigint, late_3 bigint, disputed bigint,
--+ unapplied bigint, invoices bigint, days bigint, cash bigint, cash_days bigint
-- All that is needed for a period, in one statement, since a fold between two would be missed or counted twice: sums by
-- month from the first day of the month `back` on (what is older is one cell before it), a month cut in two where the period
-- begins. Whole months are read as such, days only of the months in which the period begins and ends; what is not folded
-- yet is added. The number of rows read depends on the age of the ledger, not on the number of its entries.
with day_row as (
    select d.currency, d.day, d.invoiced, d.credited, d.paid, d.settled, d.written_off, d.refunded, d.open, d.late_0,
        d.late_1, d.late_2, d.late_3, d.disputed, d.unapplied
    from receivable_day d
    where d.tenant_id = $1 and d.grain = 'month' and d.day < date_trunc('month', $6::date::timestamp)::date
        and d.day <> date_trunc('month', $5::date::timestamp)::date and ($2::uuid is null or d.brand_id = $2)
        and ($3::text is null or d.currency = $3)
    union all
    select d.currency, d.day, d.invoiced, d.credited, d.paid, d.settled, d.written_off, d.refunded, d.open, d.late_0,
        d.late_1, d.late_2, d.late_3, d.disputed, d.unapplied
    from receivable_day d
    where d.tenant_id = $1 and d.grain = 'day' and d.day >= date_trunc('month', $5::date::timestamp)::date
        and d.day < least(
            (date_trunc('month', $5::date::timestamp) + '1 month'::interval)::date, date_trunc('month', $6::date::timestamp)::date)
        and ($2::uuid is null or d.brand_id = $2) and ($3::text is null or d.currency = $3)
    union all
    select d.currency, d.day, d.invoiced, d.credited, d.paid, d.settled, d.written_off, d.refunded, d.open, d.late_0,
        d.late_1, d.late_2, d.late_3, d.disputed, d.unapplied
    from receivable_day d
    where d.tenant_id = $1 and d.grain = 'day' and d.day >= date_trunc('month', $6::date::timestamp)::date and d.day <= $6
        and ($2::uuid is null or d.brand_id = $2) and ($3::text is null or d.currency = $3)
    union all
    select d.currency, d.day, d.invoiced, d.credited, d.paid, d.settled, d.written_off, d.refunded, d.open, d.late_0,
        d.late_1, d.late_2, d.late_3, d.disputed, d.unapplied
    from receivable_delta d
    where d.tenant_id = $1 and d.day <= $6 and ($2::uuid is null or d.brand_id = $2)
        and ($3::text is null or d.currency = $3)
), every as (
    select r.currency, r.day, r.invoiced, r.credited, r.paid, r.settled, r.written_off, r.refunded, r.open, r.late_0,
        r.late_1, r.late_2, r.late_3, r.disputed, r.unapplied, 0::bigint as invoices, 0::bigint as days,
        0::bigint as cash, 0::bigint as cash_days
    from day_row r
    union all
    select s.currency, s.settled_on, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, s.invoices, s.days, s.cash, s.cash_days
    from receivable_terms s
    where s.tenant_id = $1 and s.settled_on >= $5 and s.settled_on <= $6 and s.until_day > $6
        and ($2::uuid is null or s.brand_id = $2) and ($3::text is null or s.currency = $3)
    union all
    select s.currency, s.settled_on, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, s.invoices, s.days, s.cash, s.cash_days
    from receivable_terms_delta s
    where s.tenant_id = $1 and s.settled_on >= $5 and s.settled_on <= $6 and s.until_day > $6
        and ($2::uuid is null or s.brand_id = $2) and ($3::text is null or s.currency = $3)
)
select e.currency, c.cell, sum(e.invoiced)::bigint as invoiced, sum(e.credited)::bigint as credited,
    sum(e.paid)::bigint as paid, sum(e.settled)::bigint as settled, sum(e.written_off)::bigint as written_off,
    sum(e.refunded)::bigint as refunded, sum(e.open)::bigint as open, sum(e.late_0)::bigint as late_0,
    sum(e.late_1)::bigint as late_1, sum(e.late_2)::bigint as late_2, sum(e.late_3)::bigint as late_3,
    sum(e.disputed)::bigint as disputed, sum(e.unapplied)::bigint as unapplied, sum(e.invoices)::bigint as invoices,
    sum(e.days)::bigint as days, sum(e.cash)::bigint as cash, sum(e.cash_days)::bigint as cash_days
from every e
cross join lateral (
    select case when e.day < $4 then $4 - 1
        when e.day >= $5 then greatest($5, date_trunc('month', e.day::timestamp)::date)
        else date_trunc('month', e.day::timestamp)::date end as cell
) c
group by e.currency, c.cell
order by e.currency, c.cell;

-- name: insight_rated_flows(tenant uuid, brand uuid?, base text, back date, from date, to date)
--+ -> currency text, cell date, invoiced double, credited double, paid double, settled double, written_off double,
--+ refunded double, unrated bool
-- Movements at the rates of their own days, in minor units of their currency times the rate; unrated: some day has none.
select f.currency, c.cell, sum(f.invoiced * r.rate) as invoiced, sum(f.credited * r.rate) as credited,
    sum(f.paid * r.rate) as paid, sum(f.settled * r.rate) as settled, sum(f.written_off * r.rate) as written_off,
    sum(f.refunded * r.rate) as refunded, bool_or(r.is_missing) as unrated
from (
    select u.currency, u.day, sum(u.invoiced)::double precision as invoiced, sum(u.credited)::double precision as credited,
        sum(u.paid)::double precision as paid, sum(u.settled)::double precision as settled,
        sum(u.written_off)::double precision as written_off, sum(u.refunded)::double precision as refunded
    from (
        select d.currency, d.day, d.invoiced, d.credited, d.paid, d.settled, d.written_off, d.refunded
        from receivable_day d
        where d.tenant_id = $1 and d.grain = 'day' and d.day >= $4 and d.day <= $6
            and ($2::uuid is null or d.brand_id = $2)
        union all
        select d.currency, d.day, d.invoiced, d.credited, d.paid, d.settled, d.written_off, d.refunded
        from receivable_delta d
        where d.tenant_id = $1 and d.day >= $4 and d.day <= $6 and ($2::uuid is null or d.brand_id = $2)
    ) u
    group by u.currency, u.day
    having (sum(u.invoiced), sum(u.credited), sum(u.paid), sum(u.settled), sum(u.written_off), sum(u.refunded))
        <> (0, 0, 0, 0, 0, 0)
) f
cross join lateral (
    select coalesce(max(x.rate), 0) as rate, count(x.rate) = 0 as is_missing
    from (
        select 1::double precision as rate where f.currency = $3
        union all
        (
            select e.rate_e12 / 1e12::double precision
            from exchange_rate e
            where e.tenant_id = $1 and e.base = $3 and e.currency = f.currency and e.day <= f.day
            order by e.day desc
            limit 1
        )
    ) x
) r
cross join lateral (
    select case when f.day >= $5 then greatest($5, date_trunc('month', f.day::timestamp)::date)
        else date_trunc('month', f.day::timestamp)::date end as cell
) c
group by f.currency, c.cell;

-- name: insight_rates(tenant uuid, base text, days date[]) -> currency text, day date, rate_e12 bigint
-- The last rates known on or before some days, each with the day it is from.
select distinct e.currency, e.day, e.rate_e12
from unnest($3) x (day)
cross join lateral (
    select distinct on (r.currency) r.currency, r.day, r.rate_e12
    from exchange_rate r
    where r.tenant_id = $1 and r.base = $2 and r.day <= x.day
    order by r.currency, r.day desc
) e;

-- name: insight_invoices(tenant uuid, brand uuid?, currency text?, as_of date, before uuid?, scan integer, only uuid[]?)
--+ -> invoice_id uuid, customer_id uuid, brand_id uuid, external_id text, number text, issue_date date?, due_date date?,
--+ currency text, total bigint, balance bigint, disputed bigint, term_amounts bigint[], term_dues text[]
-- A stretch of invoices, newest first, as they stood at the end of a day: whoever asks keeps those the number is made of.
-- At most `scan` are looked at, so that a page costs the same wherever it is. With a list, only those on it.
select v.invoice_id, v.customer_id, v.brand_id, v.external_id, v.number, v.issue_date, v.due_date, v.currency,
    coalesce(b.total, 0)::bigint as total, coalesce(b.balance, 0)::bigint as balance,
    coalesce(q.amount, 0)::bigint as disputed, i.amounts as term_amounts, i.dues as term_dues
from (
    select w.invoice_id, w.customer_id, w.brand_id, w.external_id, w.number, w.issue_date, w.due_date, w.currency
    from invoice w
    where w.tenant_id = $1 and ($2::uuid is null or w.brand_id = $2) and ($3::text is null or w.currency = $3)
        and ($5::uuid is null or w.invoice_id < $5) and ($7::uuid[] is null or w.invoice_id = any ($7))
    order by w.invoice_id desc
    limit $6
) v
cross join lateral (
    select sum(e.amount) filter (where e.kind in ('invoice', 'adjustment')) as total, sum(e.amount) as balance
    from ledger_entry e
    where e.tenant_id = $1 and e.invoice_id = v.invoice_id and e.value_date <= $4
) b
cross join lateral (
    select sum(coalesce(d.amount, b.balance)) as amount
    from dispute d
    where d.tenant_id = $1 and d.invoice_id = v.invoice_id and d.from_day <= $4 and $4 < d.until_day
) q
cross join lateral (
    select coalesce(array_agg(m.amount order by m.due_date, m.number), '{}') as amounts,
        coalesce(array_agg(coalesce(m.due_date::text, '') order by m.due_date, m.number), '{}') as dues
    from invoice_term m
    where m.tenant_id = $1 and m.invoice_id = v.invoice_id and m.from_day <= $4 and $4 < m.until_day
) i
order by v.invoice_id desc;

-- name: insight_episodes(tenant uuid, brand uuid?, currency text?, first date, last date, as_of date)
--+ -> enrolment_id uuid, currency text, contact_day date, invoices uuid[], amount bigint, days date[],
--+ amounts bigint[], closed bool
-- Cases whose first contact fell into these days, with what was asked for then, the money that came in for the invoices
-- listed, by day, and whether nothing of them was left open. What was only tried and bounced is no contact, nor is what was
-- sent later than that.
select f.enrolment_id, f.currency, f.contact_day, f.invoices, f.amount, coalesce(p.days, '{}') as days,
    coalesce(p.amounts, '{}') as amounts, f.closed
from (
    select c.enrolment_id, c.contact_day, l.currency, array_agg(l.invoice_id order by l.invoice_id) as invoices,
        sum(l.open_amount)::bigint as amount, bool_and(b.balance <= 0) as closed
    from (
        select distinct on (s.enrolment_id) s.enrolment_id, m.contact_day, m.message_id
        from message m
        join message_line k on k.tenant_id = $1 and k.message_id = m.message_id
        join enrolment s on s.tenant_id = $1 and s.enrolment_id = k.enrolment_id and s.track = 'receivable'
            and ($2::uuid is null or s.brand_id = $2) and ($3::text is null or s.currency = $3)
        where m.tenant_id = $1 and m.state in ('accepted', 'unknown', 'assumed_sent') and m.contact_day >= $4
            and m.contact_day <= least($5, $6)
        order by s.enrolment_id, m.contact_day, m.message_id
    ) c
    join message_line l on l.tenant_id = $1 and l.message_id = c.message_id and l.enrolment_id = c.enrolment_id
    cross join lateral (
        select coalesce(sum(e.amount), 0) as balance
        from ledger_entry e
        where e.tenant_id = $1 and e.invoice_id = l.invoice_id and e.value_date <= $6
    ) b
    where not exists (
        select 1
        from step_run r
        join message o on o.tenant_id = $1 and o.message_id = r.message_id
            and o.state in ('accepted', 'unknown', 'assumed_sent') and o.contact_day < $4
        where r.tenant_id = $1 and r.enrolment_id = c.enrolment_id)
    group by c.enrolment_id, c.contact_day, l.currency
) f
cross join lateral (
    select array_agg(e.value_date order by e.ledger_entry_id) as days,
        array_agg(-e.amount order by e.ledger_entry_id) as amounts
    from ledger_entry e
    left join payment y on y.tenant_id = $1 and y.payment_id = e.payment_id
    where e.tenant_id = $1 and e.invoice_id = any (f.invoices) and e.value_date > f.contact_day and e.value_date <= $6
        and (
            e.kind in ('payment', 'settlement')
            or (e.kind = 'transfer' and y.kind = 'payment')
            or (e.kind = 'reversal' and (e.payment_id is null or y.kind = 'payment')))
) p;

-- name: insight_promises(tenant uuid, brand uuid?, currency text?, from date, to date, as_of date, grace integer)
--+ -> promise_id uuid, customer_id uuid, currency text, amount bigint, made_on date, due_on date, cancelled bool,
--+ received bigint, invoices uuid[]
-- Promises that fell due in these days, as they stood at the end of a day, with the money that came from the day they were
-- made to the end of their grace: for the promised invoices, or for any of the customer's where none was named.
select p.promise_id, p.customer_id, p.currency, p.amount, p.made_on, p.due_on,
    coalesce(p.cancelled_on <= $6, false) as cancelled,
    (case when i.invoices = '{}' then coalesce(a.amount, 0) else coalesce(n.amount, 0) end)::bigint as received,
    i.invoices
from promise p
cross join lateral (
    select coalesce(array_agg(k.invoice_id order by k.invoice_id), '{}') as invoices
    from promise_invoice k
    where k.tenant_id = $1 and k.promise_id = p.promise_id
) i
left join lateral (
    select -sum(e.amount) as amount
    from ledger_entry e
    left join payment y on y.tenant_id = $1 and y.payment_id = e.payment_id
    where e.tenant_id = $1 and e.invoice_id = any (i.invoices) and e.value_date >= p.made_on
        and e.value_date <= least(p.due_on + $7, $6) and e.kind in ('payment', 'transfer', 'reversal')
        and y.kind = 'payment'
) n on true
left join lateral (
    select -sum(e.amount) as amount
    from payment y
    join ledger_entry e on e.tenant_id = $1 and e.payment_id = y.payment_id and e.kind in ('payment', 'reversal')
        and e.value_date >= p.made_on and e.value_date <= least(p.due_on + $7, $6)
    where y.tenant_id = $1 and y.customer_id = p.customer_id and y.brand_id = p.brand_id and y.currency = p.currency
        and y.kind = 'payment' and i.invoices = '{}'
) a on true
where p.tenant_id = $1 and p.due_on >= $4 and p.due_on <= $5 and p.made_on <= $6
    and ($2::uuid is null or p.brand_id = $2) and ($3::text is null or p.currency = $3)
order by p.due_on, p.promise_id;

-- name: exchange_rate_put(tenant uuid, bases text[], currencies text[], days date[], rates bigint[], at timestamptz)
--+ -> base text, currency text, day date, is_new bool
-- Dated rates, each once; what is said of a day again replaces it. A rate that is there already is not returned.
insert into exchange_rate (tenant_id, base, currency, day, rate_e12, recorded_at)
select $1, x.base, x.currency, x.day, x.rate_e12, $6
from unnest($2, $3, $4, $5) as x (base, currency, day, rate_e12)
order by x.base, x.currency, x.day
on conflict on constraint exchange_rate_pk
do update set rate_e12 = excluded.rate_e12, recorded_at = excluded.recorded_at
where exchange_rate.rate_e12 <> excluded.rate_e12
returning exchange_rate.base, exchange_rate.currency, exchange_rate.day, exchange_rate.xmax = 0 as is_new;

-- name: exchange_rate_page(tenant uuid, base text?, currency text?, from date?, to date?, count integer)
--+ -> base text, currency text, day date, rate_e12 bigint, recorded_at timestamptz
-- The latest days first.
select r.base, r.currency, r.day, r.rate_e12, r.recorded_at
from exchange_rate r
where r.tenant_id = $1 and ($2::text is null or r.base = $2) and ($3::text is null or r.currency = $3)
    and ($4::date is null or r.day >= $4) and ($5::date is null or r.day <= $5)
order by r.day desc, r.base, r.currency
limit $6;

-- name: insight_settled(tenant uuid, brand uuid?, currency text?, from date, to date, before uuid?, scan integer)
--+ -> invoice_id uuid, counts bool, settled_on date?, cash bigint
-- A stretch of invoices, newest first: whether each was settled by payment within these days and still is at their end. A day
-- whose entries of each kind cancel out does not count, as in the rollups.
select v.invoice_id, coalesce(b.balance <= 0 and t.cash > 0 and b.last_day >= $4, false) as counts,
    b.last_day as settled_on, coalesce(b.cash, 0)::bigint as cash
from (
    select w.invoice_id
    from invoice w
    where w.tenant_id = $1 and ($2::uuid is null or w.brand_id = $2) and ($3::text is null or w.currency = $3)
        and ($6::uuid is null or w.invoice_id < $6)
    order by w.invoice_id desc
    limit $7
) v
cross join lateral (
    select sum(x.amount) as balance, max(x.day) as last_day, -sum(x.amount) filter (where x.kind = 'payment') as cash
    from (
        select e.value_date as day,
            case when e.kind = 'recovery' then 'write_off' else coalesce(y.kind, e.kind) end as kind,
            sum(e.amount) as amount
        from ledger_entry e
        left join payment y
            on y.tenant_id = $1 and y.payment_id = case when e.kind = 'transfer' then e.payment_id end
        where e.tenant_id = $1 and e.invoice_id = v.invoice_id and e.value_date <= $5
        group by 1, 2
        having sum(e.amount) <> 0
    ) x
) b
cross join lateral (
    select -sum(e.amount) as cash
    from ledger_entry e
    left join payment y on y.tenant_id = $1 and y.payment_id = e.payment_id
    where e.tenant_id = $1 and e.invoice_id = v.invoice_id and e.value_date = b.last_day
        and (e.kind = 'payment' or (e.kind = 'transfer' and y.kind = 'payment'))
) t
order by v.invoice_id desc;
