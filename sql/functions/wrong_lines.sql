-- What should not have been asked for.

-- Lines of reminders that left on these days, or may have, about invoices on which nothing was owed that day by what is known
-- now; with the source that brought the last of what settled them. Keys carry their time, so the days are a range of the
-- primary key: p_first up to before p_last.
create or replace function wrong_lines(
    p_tenant uuid, p_brand uuid, p_first uuid, p_last uuid, p_from date, p_to date)
    returns table (message_id uuid, customer_id uuid, invoice_id uuid, contact_day date, source text)
    language plpgsql stable
    as $$
#variable_conflict use_column
begin
    return query
    select m.message_id, m.customer_id, l.invoice_id, m.contact_day, x.source
    from message m
    join message_line l on l.tenant_id = p_tenant and l.message_id = m.message_id
    left join tolerance t on t.tenant_id = p_tenant and t.currency = l.currency
    cross join lateral (
        select sum(e.amount) as owed, coalesce(
            (array_agg(coalesce(e.source, p.source) order by e.recorded_at desc, e.ledger_entry_id desc)
                filter (where e.amount < 0))[1], '') as source
        from ledger_entry e
        left join payment p on p.tenant_id = p_tenant and p.payment_id = e.payment_id
        where e.tenant_id = p_tenant and e.invoice_id = l.invoice_id and e.value_date <= m.contact_day
    ) x
    where m.tenant_id = p_tenant and m.message_id >= p_first and m.message_id < p_last and m.contact_day >= p_from
        and m.contact_day <= p_to and m.state in ('accepted', 'unknown', 'assumed_sent') and m.purpose = 'reminder'
        and (p_brand is null or m.brand_id = p_brand) and x.owed <= coalesce(t.amount, 0);
end $$;

grant execute on function wrong_lines(uuid, uuid, uuid, uuid, date, date) to recoup_api, recoup_bulk,
    recoup_worker, recoup_metrics;
