-- name: source_page(tenant uuid, after text, count integer)
--+ -> source text, last_success_at timestamptz?, max_age_hours integer?, created_at timestamptz
-- Where receivables come from, by name.
select s.source, s.last_success_at, s.max_age_hours, s.created_at
from source s
where s.tenant_id = $1 and s.source > $2
order by s.source
limit $3;

-- name: source_set_age(tenant uuid, source text, hours integer?, at timestamptz)
-- How long it may be silent; a name not seen before is known from now on.
insert into source (tenant_id, source, max_age_hours, created_at)
values ($1, $2, $3, $4)
on conflict on constraint source_pk do update set max_age_hours = excluded.max_age_hours;

-- name: source_heard(tenant uuid, source text, at timestamptz, unless_since timestamptz) -> was_stale bool
-- A source has spoken. Told once a minute at most, so that single writes do not queue up behind this row.
update source s set last_success_at = $3
where s.tenant_id = $1 and s.source = $2 and (s.last_success_at is null or s.last_success_at < $4)
returning s.stale_since is not null as was_stale;

-- name: source_by_name(tenant uuid, source text)
--+ -> source text, last_success_at timestamptz?, max_age_hours integer?, created_at timestamptz
-- One of them as shown.
select s.source, s.last_success_at, s.max_age_hours, s.created_at
from source s
where s.tenant_id = $1 and s.source = $2;
