-- name: event_insert(tenant uuid, ids uuid[], at timestamptz, types text[], subjects text[], customers text[], data text[])
-- Plain inserts, as those of the audit trail.
insert into event (tenant_id, turn, event_id, at, type, subject, customer_id, data)
select $1, t.turn, x.id, $3, x.type, x.subject, nullif(x.customer_id, '')::uuid, x.data::jsonb
from (select event_turn() as turn offset 0) t
cross join unnest($2, $4, $5, $6, $7) x (id, type, subject, customer_id, data)
returning event.event_id;

-- name: event_page(tenant uuid, after_turn bigint, after_event uuid, count bigint)
--+ -> event_id uuid, turn bigint, at timestamptz, type text, subject text, customer_id uuid?, data text
-- What became known after a place, in order. Nothing of a transaction that may still be overtaken by one with a lower
-- number: whoever reads on from the last place misses nothing.
select e.event_id, e.turn, e.at, e.type, e.subject, e.customer_id, e.data::text as data
from event e
where e.tenant_id = $1 and (e.turn, e.event_id) > ($2, $3)
    and e.turn < (
        select coalesce((select i.era from instance i), 0) * 281474976710656
            + pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
order by e.turn, e.event_id
limit $4;

-- name: event_prune(tenant uuid, before timestamptz, limit integer)
-- The oldest events, told long ago.
delete from event e
using (
    select o.turn, o.event_id, o.at
    from event o
    where o.tenant_id = $1
    order by o.turn, o.event_id
    limit $3
) old
where e.tenant_id = $1 and e.turn = old.turn and e.event_id = old.event_id and old.at < $2;
