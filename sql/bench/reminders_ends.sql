-- For each of these companies, in their order: messages accepted since an instant, and when the last one was; in microseconds of
-- the product's time. Variables: tenants, since.
select count(a.attempt_id), coalesce((extract(epoch from max(a.finished_at)) * 1000000)::bigint, 0)
from unnest(:'tenants'::uuid[]) with ordinality t (tenant_id, number)
left join attempt a on a.tenant_id = t.tenant_id and a.finished_at >= to_timestamp(:since / 1000000.0)
    and a.outcome = 'accepted'
group by t.number
order by t.number;
