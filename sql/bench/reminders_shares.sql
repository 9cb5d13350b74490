-- Of the first so many messages these companies had accepted since an instant, how many each had, in their order.
-- Variables: tenants, since (microseconds), first.
select count(f.tenant_id)
from unnest(:'tenants'::uuid[]) with ordinality t (tenant_id, number)
left join (
    select a.tenant_id
    from attempt a
    where a.tenant_id = any (:'tenants'::uuid[]) and a.finished_at >= to_timestamp(:since / 1000000.0)
        and a.outcome = 'accepted'
    order by a.finished_at, a.attempt_id
    limit :first
) f on f.tenant_id = t.tenant_id
group by t.number
order by t.number;
