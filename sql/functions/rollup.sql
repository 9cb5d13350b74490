-- Rollups of the ledger. What an invoice contributes is a function of its entries, its terms and its disputes; whoever
-- changes one of them takes the old contribution out and puts the new one in, in the same transaction. Custom plans, since
-- one statement serves a single invoice, five thousand, and all of a tenant.

-- The edges a tenant's rollups are made with. The row stays shared until the transaction ends, so that they are not made
-- anew beside it.
create or replace function receivable_edges(p_tenant uuid) returns smallint[]
    language plpgsql
    as $$
declare
    v_edges smallint[];
begin
    select b.aging_edges into v_edges from receivable_book b where b.tenant_id = p_tenant for key share;
    if not found then
        insert into receivable_book (tenant_id, aging_edges)
        select p_tenant, t.aging_edges from tenant t where t.tenant_id = p_tenant
        on conflict do nothing;
        select b.aging_edges into v_edges from receivable_book b where b.tenant_id = p_tenant for key share;
    end if;
    return v_edges;
end $$;

-- The balances invoices had, day after day, under a sign: +1 with all their entries, −1 without p_fresh (what they were
-- before these were booked). cash: paid so far; money that was moved here from credit later is cash too. A day whose entries
-- of several kinds cancel out is a day all the same: what bounced and was written off at once is not settled by payment. One
-- whose entries of each kind do is none: what a later word took back never happened. What is moved from or to credit is of its
-- document's kind, and a recovery takes back a write-off.
-- Payments are looked up for transfers only: under a null key an index is not even opened.
create or replace function receivable_balances(
    p_tenant uuid, p_invoices uuid[], p_fresh uuid[], p_before boolean, p_after boolean)
    returns table (
        sign integer, invoice_id uuid, brand_id uuid, currency text, due_date date, day date, next_day date,
        balance bigint, total bigint, cash bigint, cash_today bigint)
    language plpgsql stable
    set plan_cache_mode = force_custom_plan
    set random_page_cost = 1.1
    set jit = off
    as $$
#variable_conflict use_column
begin
    return query
    with part as (
        select s.sign, e.invoice_id, e.value_date as day,
            case when e.kind = 'recovery' then 'write_off' else coalesce(p.kind, e.kind) end as kind,
            sum(e.amount)::bigint as amount
        from ledger_entry e
        left join payment p on p.tenant_id = p_tenant and p.payment_id = case when e.kind = 'transfer' then e.payment_id end
        join (values (1), (-1)) s (sign)
            on (s.sign = 1 and p_after)
            or (s.sign = -1 and p_before and (p_fresh is null or e.ledger_entry_id <> all (p_fresh)))
        where e.tenant_id = p_tenant and e.invoice_id is not null
            and (p_invoices is null or e.invoice_id = any (p_invoices))
        group by 1, 2, 3, 4
        having sum(e.amount) <> 0
    ),
    movement as (
        select b.sign, b.invoice_id, b.day, sum(b.amount)::bigint as amount,
            coalesce(sum(b.amount) filter (where b.kind in ('invoice', 'adjustment')), 0)::bigint as total,
            coalesce(-sum(b.amount) filter (where b.kind = 'payment'), 0)::bigint as cash
        from part b
        group by b.sign, b.invoice_id, b.day
    )
    select m.sign, m.invoice_id, v.brand_id, v.currency, v.due_date, m.day, lead(m.day) over w,
        (sum(m.amount) over w)::bigint, (sum(m.total) over w)::bigint, (sum(m.cash) over w)::bigint, m.cash
    from movement m
    join invoice v on v.tenant_id = p_tenant and v.invoice_id = m.invoice_id
    window w as (partition by m.sign, m.invoice_id order by m.day);
end $$;

-- What invoices contribute. Without until_day: by how much open, overdue, disputed and over-covered amounts change that
-- day. With it: how late what was settled by payment that day was, which holds until then. Invoices with one due date and without
-- a dispute take the short way: what is open is late on the first day it can be. The others are looked at on each day on
-- which anything about them changes. Of several terms the oldest is covered first, the last one takes what the plan does
-- not know of.
create or replace function receivable_contribution(
    p_tenant uuid, p_edges smallint[], p_invoices uuid[], p_fresh uuid[], p_before boolean, p_after boolean)
    returns table (
        brand_id uuid, currency text, day date, until_day date, open bigint, late_0 bigint, late_1 bigint, late_2 bigint,
        late_3 bigint, disputed bigint, unapplied bigint, invoices bigint, days bigint, cash bigint, cash_days bigint)
    language plpgsql stable
    set plan_cache_mode = force_custom_plan
    set random_page_cost = 1.1
    set jit = off
    as $$
#variable_conflict use_column
declare
    v_bounds integer[] := array[1, 1 + p_edges[1], 1 + p_edges[2], 1 + p_edges[3]];
    v_special uuid[];
begin
    select coalesce(array_agg(x.invoice_id), '{}') into v_special
    from (
        select t.invoice_id from invoice_term t
        where t.tenant_id = p_tenant and (p_invoices is null or t.invoice_id = any (p_invoices))
        union
        select d.invoice_id from dispute d
        where d.tenant_id = p_tenant and (p_invoices is null or d.invoice_id = any (p_invoices))
    ) x;
    return query
    with balance as materialized (
        select b.sign, b.invoice_id, b.brand_id, b.currency, b.due_date, b.day, b.next_day, b.balance, b.cash,
            b.cash_today
        from receivable_balances(p_tenant, p_invoices, p_fresh, p_before, p_after) b
        where b.invoice_id <> all (v_special)
    ),
    plain as (
        select b.brand_id, b.currency, b.due_date, b.day,
            b.sign * (greatest(b.balance, 0) - greatest(lag(b.balance, 1, 0::bigint) over w, 0)) as open,
            b.sign * (least(b.balance, 0) - least(lag(b.balance, 1, 0::bigint) over w, 0)) as unapplied
        from balance b
        window w as (partition by b.sign, b.invoice_id order by b.day)
    )
    select c.brand_id, c.currency, c.day, null::date, sum(c.open)::bigint, sum(c.late_0)::bigint, sum(c.late_1)::bigint,
        sum(c.late_2)::bigint, sum(c.late_3)::bigint, 0::bigint, sum(c.unapplied)::bigint, 0::bigint, 0::bigint,
        0::bigint, 0::bigint
    from (
        select n.brand_id, n.currency, n.day, n.open, 0::bigint as late_0, 0::bigint as late_1, 0::bigint as late_2,
            0::bigint as late_3, n.unapplied
        from plain n
        union all
        select n.brand_id, n.currency, greatest(n.day, n.due_date + b.days), 0,
            case when b.ordinal = 1 then n.open else 0 end, case when b.ordinal = 2 then n.open else 0 end,
            case when b.ordinal = 3 then n.open else 0 end, case when b.ordinal = 4 then n.open else 0 end, 0
        from plain n
        cross join unnest(v_bounds) with ordinality b (days, ordinal)
        where n.open <> 0 and n.due_date is not null
    ) c
    group by c.brand_id, c.currency, c.day
    union all
    select b.brand_id, b.currency, b.day, coalesce(b.next_day, 'infinity'::date), 0, 0, 0, 0, 0, 0, 0,
        sum(b.sign)::bigint, sum(b.sign * (b.day - b.due_date))::bigint, sum(b.sign * b.cash)::bigint,
        sum(b.sign * b.cash * (b.day - b.due_date))::bigint
    from balance b
    where b.balance <= 0 and b.cash_today > 0 and b.due_date is not null
    group by b.brand_id, b.currency, b.day, b.next_day;
    if v_special = '{}' then
        return;
    end if;
    return query
    with balance as materialized (
        select b.sign, b.invoice_id, b.brand_id, b.currency, b.due_date, b.day, b.next_day, b.total,
            b.balance, b.cash, b.cash_today, greatest(b.balance, 0) as open, least(b.balance, 0) as unapplied
        from receivable_balances(p_tenant, v_special, p_fresh, p_before, p_after) b
    ),
    moment as (
        select t.invoice_id, x.day
        from invoice_term t
        cross join lateral (
            select t.from_day as day
            union all
            select t.until_day where isfinite(t.until_day)
            union all
            select t.due_date + b.days from unnest(v_bounds) b (days) where t.due_date is not null
        ) x
        where t.tenant_id = p_tenant and t.invoice_id = any (v_special)
        union
        select b.invoice_id, b.due_date + u.days from balance b cross join unnest(v_bounds) u (days)
        where b.due_date is not null
        union
        select d.invoice_id, x.day
        from dispute d
        cross join lateral (
            select d.from_day as day
            union all
            select d.until_day where isfinite(d.until_day)
        ) x
        where d.tenant_id = p_tenant and d.invoice_id = any (v_special)
    ),
    point as (
        select b.sign, b.invoice_id, b.brand_id, b.currency, b.due_date, b.day, b.open, b.unapplied, b.total
        from balance b
        union all
        select b.sign, b.invoice_id, b.brand_id, b.currency, b.due_date, m.day, b.open, b.unapplied, b.total
        from balance b
        join moment m on m.invoice_id = b.invoice_id and m.day > b.day and (b.next_day is null or m.day < b.next_day)
    ),
    state as (
        select p.sign, p.invoice_id, p.brand_id, p.currency, p.day, p.open, p.unapplied, l.late,
            least(coalesce(q.amount, 0), p.open) as disputed
        from point p
        cross join lateral (
            select array_agg(
                    case when a.is_all_late then p.open when not a.is_any_late then 0
                        else greatest(0, p.open - a.later) end
                    order by a.ordinal) as late
            from (
                select b.ordinal, bool_and(t.due_date is not null and t.due_date + b.days <= p.day) as is_all_late,
                    bool_or(t.due_date is not null and t.due_date + b.days <= p.day) as is_any_late,
                    coalesce(sum(t.share) filter (where t.due_date is null or t.due_date + b.days > p.day), 0) as later
                from unnest(v_bounds) with ordinality b (days, ordinal)
                cross join (
                    select y.due_date,
                        greatest(0, y.amount
                            + case when row_number() over o = 1 then p.total - sum(y.amount) over () else 0 end) as share
                    from (
                        select t.due_date, t.number, t.amount
                        from invoice_term t
                        where t.tenant_id = p_tenant and t.invoice_id = p.invoice_id and t.from_day <= p.day
                            and p.day < t.until_day
                        union all
                        select p.due_date, 0, p.total
                        where not exists (
                            select 1 from invoice_term g
                            where g.tenant_id = p_tenant and g.invoice_id = p.invoice_id and g.from_day <= p.day
                                and p.day < g.until_day)
                    ) y
                    window o as (order by y.due_date desc nulls first, y.number desc)
                ) t
                group by b.ordinal
            ) a
        ) l
        left join lateral (
            select sum(coalesce(d.amount, p.open)) as amount
            from dispute d
            where d.tenant_id = p_tenant and d.invoice_id = p.invoice_id and d.from_day <= p.day and p.day < d.until_day
        ) q on true
    ),
    change as (
        select s.brand_id, s.currency, s.day, s.sign * (s.open - lag(s.open, 1, 0::bigint) over w) as open,
            s.sign * (s.late[1] - coalesce((lag(s.late) over w)[1], 0)) as late_0,
            s.sign * (s.late[2] - coalesce((lag(s.late) over w)[2], 0)) as late_1,
            s.sign * (s.late[3] - coalesce((lag(s.late) over w)[3], 0)) as late_2,
            s.sign * (s.late[4] - coalesce((lag(s.late) over w)[4], 0)) as late_3,
            s.sign * (s.disputed - lag(s.disputed, 1, 0::numeric) over w) as disputed,
            s.sign * (s.unapplied - lag(s.unapplied, 1, 0::bigint) over w) as unapplied
        from state s
        window w as (partition by s.sign, s.invoice_id order by s.day)
    )
    select c.brand_id, c.currency, c.day, null::date, sum(c.open)::bigint, sum(c.late_0)::bigint, sum(c.late_1)::bigint,
        sum(c.late_2)::bigint, sum(c.late_3)::bigint, sum(c.disputed)::bigint, sum(c.unapplied)::bigint, 0::bigint,
        0::bigint, 0::bigint, 0::bigint
    from change c
    group by c.brand_id, c.currency, c.day
    union all
    select b.brand_id, b.currency, b.day, coalesce(b.next_day, 'infinity'::date), 0, 0, 0, 0, 0, 0, 0,
        sum(b.sign)::bigint, sum(b.sign * (b.day - d.due_date))::bigint, sum(b.sign * b.cash)::bigint,
        sum(b.sign * b.cash * (b.day - d.due_date))::bigint
    from balance b
    cross join lateral (
        select case when count(*) > 0 then max(t.due_date) else b.due_date end as due_date
        from invoice_term t
        where t.tenant_id = p_tenant and t.invoice_id = b.invoice_id and t.from_day <= b.day and b.day < t.until_day
    ) d
    where b.balance <= 0 and b.cash_today > 0 and d.due_date is not null
    group by b.brand_id, b.currency, b.day, b.next_day;
end $$;

-- What entries are by kind and day; p_entries null: those of p_invoices; both null: all there are. A reversal without a
-- document takes back a settlement. What stands on no invoice is credit.
create or replace function receivable_flow(p_tenant uuid, p_invoices uuid[], p_entries uuid[])
    returns table (
        brand_id uuid, currency text, day date, invoiced bigint, credited bigint, paid bigint, settled bigint,
        written_off bigint, refunded bigint, unapplied bigint)
    language plpgsql stable
    set plan_cache_mode = force_custom_plan
    set random_page_cost = 1.1
    set jit = off
    as $$
#variable_conflict use_column
begin
    return query
    select e.brand_id, e.currency, e.value_date,
        coalesce(sum(e.amount) filter (where e.kind in ('invoice', 'adjustment')), 0)::bigint,
        coalesce(-sum(e.amount) filter (
            where e.kind = 'credit_note' or (e.kind = 'reversal' and p.kind = 'credit_note')), 0)::bigint,
        coalesce(-sum(e.amount) filter (
            where e.kind = 'payment' or (e.kind = 'reversal' and p.kind = 'payment')), 0)::bigint,
        coalesce(-sum(e.amount) filter (
            where e.kind = 'settlement' or (e.kind = 'reversal' and e.payment_id is null)), 0)::bigint,
        coalesce(-sum(e.amount) filter (where e.kind in ('write_off', 'recovery')), 0)::bigint,
        coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0)::bigint,
        coalesce(sum(e.amount) filter (where e.invoice_id is null), 0)::bigint
    from ledger_entry e
    left join payment p on p.tenant_id = p_tenant and p.payment_id = case when e.kind = 'reversal' then e.payment_id end
    where e.tenant_id = p_tenant and (p_entries is null or e.ledger_entry_id = any (p_entries))
        and (p_invoices is null or e.invoice_id = any (p_invoices))
    group by e.brand_id, e.currency, e.value_date;
end $$;

-- Appends what changed about these invoices, and what these entries are, as deltas; returns how many.
create or replace function receivable_note(
    p_tenant uuid, p_batch uuid, p_invoices uuid[], p_fresh uuid[], p_before boolean, p_after boolean,
    p_flow_invoices uuid[], p_entries uuid[])
    returns integer
    language plpgsql
    as $$
declare
    v_edges smallint[];
    v_count integer;
begin
    v_edges := receivable_edges(p_tenant);
    with made as materialized (
        select m.brand_id, m.currency, m.day, m.until_day, m.open, m.late_0, m.late_1, m.late_2, m.late_3, m.disputed,
            m.unapplied, m.invoices, m.days, m.cash, m.cash_days
        from receivable_contribution(p_tenant, v_edges, p_invoices, p_fresh, p_before, p_after) m
    ),
    change as (
        select u.day, u.brand_id, u.currency, sum(u.invoiced) as invoiced, sum(u.credited) as credited,
            sum(u.paid) as paid, sum(u.settled) as settled, sum(u.written_off) as written_off,
            sum(u.refunded) as refunded, sum(u.open) as open, sum(u.late_0) as late_0, sum(u.late_1) as late_1,
            sum(u.late_2) as late_2, sum(u.late_3) as late_3, sum(u.disputed) as disputed, sum(u.unapplied) as unapplied
        from (
            select m.day, m.brand_id, m.currency, 0::bigint as invoiced, 0::bigint as credited, 0::bigint as paid,
                0::bigint as settled, 0::bigint as written_off, 0::bigint as refunded, m.open, m.late_0, m.late_1,
                m.late_2, m.late_3, m.disputed, m.unapplied
            from made m
            where m.until_day is null
            union all
            select f.day, f.brand_id, f.currency, f.invoiced, f.credited, f.paid, f.settled, f.written_off, f.refunded,
                0, 0, 0, 0, 0, 0, f.unapplied
            from receivable_flow(p_tenant, p_flow_invoices, p_entries) f
        ) u
        group by u.day, u.brand_id, u.currency
    ),
    put_days as (
        insert into receivable_delta (
            tenant_id, batch_id, line, day, brand_id, currency, invoiced, credited, paid, settled, written_off, refunded,
            open, late_0, late_1, late_2, late_3, disputed, unapplied)
        select p_tenant, p_batch, row_number() over (order by c.day, c.brand_id, c.currency), c.day, c.brand_id,
            c.currency, c.invoiced, c.credited, c.paid, c.settled, c.written_off, c.refunded, c.open, c.late_0, c.late_1,
            c.late_2, c.late_3, c.disputed, c.unapplied
        from change c
        where (c.invoiced, c.credited, c.paid, c.settled, c.written_off, c.refunded, c.open, c.late_0, c.late_1,
            c.late_2, c.late_3, c.disputed, c.unapplied) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        returning 1
    ),
    put_terms as (
        insert into receivable_terms_delta (
            tenant_id, batch_id, line, settled_on, until_day, brand_id, currency, invoices, days, cash, cash_days)
        select p_tenant, p_batch, row_number() over (order by m.day, m.until_day, m.brand_id, m.currency), m.day,
            m.until_day, m.brand_id, m.currency, m.invoices, m.days, m.cash, m.cash_days
        from made m
        where m.until_day is not null and (m.invoices, m.days, m.cash, m.cash_days) <> (0, 0, 0, 0)
        returning 1
    )
    select (select count(*) from put_days) + (select count(*) from put_terms) into v_count;
    return v_count;
end $$;

-- Adds some deltas to the rows of their days and months, each statement whole or not at all; returns how many rows it
-- wrote, 0 when nothing was left that nobody else has in hand. Rows are taken in the order of their key, so that two who
-- fold never wait for each other in a circle.
create or replace function receivable_fold(p_tenant uuid, p_limit integer) returns integer
    language plpgsql
    -- A vacuum of the emptied table says that there are no deltas: a nested loop would look through all of them for each. What is
    -- forbidden counts as dear, and what is dear would be compiled each time.
    set enable_nestloop = off set jit = off
    as $$
declare
    v_days integer;
    v_terms integer;
begin
    perform receivable_edges(p_tenant);
    with picked as materialized (
        select d.batch_id, d.line from receivable_delta d
        where d.tenant_id = p_tenant
        order by d.batch_id, d.line limit p_limit for update skip locked
    ),
    gone as (
        delete from receivable_delta d using picked k
        where d.tenant_id = p_tenant and d.batch_id = k.batch_id and d.line = k.line
        returning d.day, d.brand_id, d.currency, d.invoiced, d.credited, d.paid, d.settled, d.written_off, d.refunded,
            d.open, d.late_0, d.late_1, d.late_2, d.late_3, d.disputed, d.unapplied
    )
    insert into receivable_day (
        tenant_id, grain, day, brand_id, currency, invoiced, credited, paid, settled, written_off, refunded, open, late_0,
        late_1, late_2, late_3, disputed, unapplied)
    select p_tenant, x.grain, x.day, g.brand_id, g.currency, sum(g.invoiced), sum(g.credited), sum(g.paid),
        sum(g.settled), sum(g.written_off), sum(g.refunded), sum(g.open), sum(g.late_0), sum(g.late_1), sum(g.late_2),
        sum(g.late_3), sum(g.disputed), sum(g.unapplied)
    from gone g
    cross join lateral (
        values ('day', g.day), ('month', date_trunc('month', g.day::timestamp)::date)
    ) x (grain, day)
    group by x.grain, x.day, g.brand_id, g.currency
    order by x.grain, x.day, g.brand_id, g.currency
    on conflict on constraint receivable_day_pk do update set
        invoiced = receivable_day.invoiced + excluded.invoiced,
        credited = receivable_day.credited + excluded.credited,
        paid = receivable_day.paid + excluded.paid,
        settled = receivable_day.settled + excluded.settled,
        written_off = receivable_day.written_off + excluded.written_off,
        refunded = receivable_day.refunded + excluded.refunded,
        open = receivable_day.open + excluded.open,
        late_0 = receivable_day.late_0 + excluded.late_0,
        late_1 = receivable_day.late_1 + excluded.late_1,
        late_2 = receivable_day.late_2 + excluded.late_2,
        late_3 = receivable_day.late_3 + excluded.late_3,
        disputed = receivable_day.disputed + excluded.disputed,
        unapplied = receivable_day.unapplied + excluded.unapplied;
    get diagnostics v_days = row_count;
    with picked as materialized (
        select d.batch_id, d.line from receivable_terms_delta d
        where d.tenant_id = p_tenant
        order by d.batch_id, d.line limit p_limit for update skip locked
    ),
    gone as (
        delete from receivable_terms_delta d using picked k
        where d.tenant_id = p_tenant and d.batch_id = k.batch_id and d.line = k.line
        returning d.settled_on, d.until_day, d.brand_id, d.currency, d.invoices, d.days, d.cash, d.cash_days
    )
    insert into receivable_terms (
        tenant_id, settled_on, until_day, brand_id, currency, invoices, days, cash, cash_days)
    select p_tenant, g.settled_on, g.until_day, g.brand_id, g.currency, sum(g.invoices), sum(g.days), sum(g.cash),
        sum(g.cash_days)
    from gone g
    group by g.settled_on, g.until_day, g.brand_id, g.currency
    order by g.settled_on, g.until_day, g.brand_id, g.currency
    on conflict on constraint receivable_terms_pk do update set
        invoices = receivable_terms.invoices + excluded.invoices,
        days = receivable_terms.days + excluded.days,
        cash = receivable_terms.cash + excluded.cash,
        cash_days = receivable_terms.cash_days + excluded.cash_days;
    get diagnostics v_terms = row_count;
    return v_days + v_terms;
end $$;

-- Begins to make a tenant's rollups anew, with other edges maybe: nobody books until the transaction ends. What follows is
-- one receivable_note for each portion of invoices and one for credit, then folding.
create or replace function receivable_clear(p_tenant uuid, p_edges smallint[]) returns void
    language plpgsql
    as $$
begin
    insert into receivable_book (tenant_id, aging_edges) values (p_tenant, p_edges) on conflict do nothing;
    perform 1 from receivable_book b where b.tenant_id = p_tenant for update;
    update receivable_book b set aging_edges = p_edges where b.tenant_id = p_tenant;
    delete from receivable_day d where d.tenant_id = p_tenant;
    delete from receivable_delta d where d.tenant_id = p_tenant;
    delete from receivable_terms d where d.tenant_id = p_tenant;
    delete from receivable_terms_delta d where d.tenant_id = p_tenant;
end $$;

-- Appends all that the next invoices after p_after contribute, in the order of their ids; the last of them, null when there
-- are no more. The list never leaves the server: each portion looks through the whole ledger once, so portions are large.
create or replace function receivable_make(p_tenant uuid, p_batch uuid, p_after uuid, p_limit integer) returns uuid
    language plpgsql
    as $$
declare
    v_invoices uuid[];
begin
    select array_agg(x.invoice_id order by x.invoice_id) into v_invoices from (
        select v.invoice_id from invoice v
        where v.tenant_id = p_tenant and (p_after is null or v.invoice_id > p_after)
        order by v.invoice_id limit p_limit
    ) x;
    if v_invoices is not null then
        perform receivable_note(p_tenant, p_batch, v_invoices, null, false, true, v_invoices, null);
    end if;
    return v_invoices[cardinality(v_invoices)];
end $$;

-- The same of entries on credit accounts.
create or replace function receivable_make_credit(p_tenant uuid, p_batch uuid, p_after uuid, p_limit integer) returns uuid
    language plpgsql
    as $$
declare
    v_entries uuid[];
begin
    select array_agg(x.ledger_entry_id order by x.ledger_entry_id) into v_entries from (
        select e.ledger_entry_id from ledger_entry e
        where e.tenant_id = p_tenant and e.invoice_id is null and (p_after is null or e.ledger_entry_id > p_after)
        order by e.ledger_entry_id limit p_limit
    ) x;
    if v_entries is not null then
        perform receivable_note(p_tenant, p_batch, '{}', null, false, true, null, v_entries);
    end if;
    return v_entries[cardinality(v_entries)];
end $$;

-- Where the rollups differ from what the entries say, all in the one snapshot of the statement that asks.
create or replace function receivable_drift(p_tenant uuid)
    returns table (finding text, brand_id uuid, currency text, day date)
    language plpgsql stable
    set plan_cache_mode = force_custom_plan
    set random_page_cost = 1.1
    set jit = off
    as $$
#variable_conflict use_column
declare
    v_edges smallint[];
begin
    select b.aging_edges into v_edges from receivable_book b where b.tenant_id = p_tenant;
    return query
    with made as materialized (
        select m.brand_id, m.currency, m.day, m.until_day, m.open, m.late_0, m.late_1, m.late_2, m.late_3, m.disputed,
            m.unapplied, m.invoices, m.days, m.cash, m.cash_days
        from receivable_contribution(
            p_tenant, coalesce(v_edges, array[30, 60, 90]::smallint[]), null, null, false, true) m
    )
    select 'rollup of a day that differs from its entries', u.brand_id, u.currency, u.day
    from (
        select s.brand_id, s.currency, s.day, 0::bigint as invoiced, 0::bigint as credited, 0::bigint as paid,
            0::bigint as settled, 0::bigint as written_off, 0::bigint as refunded, s.open, s.late_0, s.late_1, s.late_2,
            s.late_3, s.disputed, s.unapplied
        from made s
        where s.until_day is null
        union all
        select f.brand_id, f.currency, f.day, f.invoiced, f.credited, f.paid, f.settled, f.written_off, f.refunded, 0, 0,
            0, 0, 0, 0, f.unapplied
        from receivable_flow(p_tenant, null, null) f
        union all
        select d.brand_id, d.currency, d.day, -d.invoiced, -d.credited, -d.paid, -d.settled, -d.written_off, -d.refunded,
            -d.open, -d.late_0, -d.late_1, -d.late_2, -d.late_3, -d.disputed, -d.unapplied
        from receivable_day d
        where d.tenant_id = p_tenant and d.grain = 'day'
        union all
        select d.brand_id, d.currency, d.day, -d.invoiced, -d.credited, -d.paid, -d.settled, -d.written_off, -d.refunded,
            -d.open, -d.late_0, -d.late_1, -d.late_2, -d.late_3, -d.disputed, -d.unapplied
        from receivable_delta d
        where d.tenant_id = p_tenant
    ) u
    group by u.brand_id, u.currency, u.day
    having (sum(u.invoiced), sum(u.credited), sum(u.paid), sum(u.settled), sum(u.written_off), sum(u.refunded),
        sum(u.open), sum(u.late_0), sum(u.late_1), sum(u.late_2), sum(u.late_3), sum(u.disputed), sum(u.unapplied))
        <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    union all
    select 'rollup of a month that differs from its days', d.brand_id, d.currency,
        date_trunc('month', d.day::timestamp)::date
    from receivable_day d
    cross join lateral (select case when d.grain = 'day' then 1 else -1 end as sign) x
    where d.tenant_id = p_tenant
    group by d.brand_id, d.currency, date_trunc('month', d.day::timestamp)::date
    having (sum(x.sign * d.invoiced), sum(x.sign * d.credited), sum(x.sign * d.paid), sum(x.sign * d.settled),
        sum(x.sign * d.written_off), sum(x.sign * d.refunded), sum(x.sign * d.open), sum(x.sign * d.late_0),
        sum(x.sign * d.late_1), sum(x.sign * d.late_2), sum(x.sign * d.late_3), sum(x.sign * d.disputed),
        sum(x.sign * d.unapplied))
        <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    union all
    select 'days beyond terms that differ from the entries', u.brand_id, u.currency, u.settled_on
    from (
        select m.brand_id, m.currency, m.day as settled_on, m.until_day, m.invoices, m.days, m.cash, m.cash_days
        from made m
        where m.until_day is not null
        union all
        select d.brand_id, d.currency, d.settled_on, d.until_day, -d.invoices, -d.days, -d.cash, -d.cash_days
        from receivable_terms d
        where d.tenant_id = p_tenant
        union all
        select d.brand_id, d.currency, d.settled_on, d.until_day, -d.invoices, -d.days, -d.cash, -d.cash_days
        from receivable_terms_delta d
        where d.tenant_id = p_tenant
    ) u
    group by u.brand_id, u.currency, u.settled_on, u.until_day
    having (sum(u.invoices), sum(u.days), sum(u.cash), sum(u.cash_days)) <> (0, 0, 0, 0);
end $$;

grant execute on function receivable_edges(uuid) to recoup_api, recoup_bulk, recoup_worker;
grant execute on function receivable_balances(uuid, uuid[], uuid[], boolean, boolean)
    to recoup_api, recoup_bulk, recoup_worker;
grant execute on function receivable_contribution(uuid, smallint[], uuid[], uuid[], boolean, boolean)
    to recoup_api, recoup_bulk, recoup_worker;
grant execute on function receivable_flow(uuid, uuid[], uuid[]) to recoup_api, recoup_bulk, recoup_worker;
grant execute on function receivable_note(uuid, uuid, uuid[], uuid[], boolean, boolean, uuid[], uuid[])
    to recoup_api, recoup_bulk, recoup_worker;
grant execute on function receivable_fold(uuid, integer) to recoup_bulk, recoup_worker;
grant execute on function receivable_clear(uuid, smallint[]) to recoup_bulk, recoup_worker;
grant execute on function receivable_make(uuid, uuid, uuid, integer) to recoup_bulk, recoup_worker;
grant execute on function receivable_make_credit(uuid, uuid, uuid, integer) to recoup_bulk, recoup_worker;
grant execute on function receivable_drift(uuid) to recoup_bulk, recoup_worker;
