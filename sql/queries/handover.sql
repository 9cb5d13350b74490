-- name: handover_add(tenant uuid, handover uuid, enrolment uuid, customer uuid, agency uuid, currency text, amount bigint,
--+ final_message uuid, note text, pack bytea, sha256 text, at timestamptz)
-- From now on it is the agency's.
insert into handover (
    tenant_id, handover_id, enrolment_id, customer_id, agency_id, currency, amount, final_message_id, state, note, pack,
    pack_sha256, handed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'with_agency', $9, $10, $11, $12);

-- name: handover_add_invoices(tenant uuid, handover uuid, invoices uuid[], amounts bigint[])
-- What it collects.
insert into handover_invoice (tenant_id, handover_id, invoice_id, amount)
select $1, $2, x.invoice_id, x.amount
from unnest($3, $4) x (invoice_id, amount)
returning handover_invoice.invoice_id;

-- name: handover_by_id(tenant uuid, handover uuid)
--+ -> handover_id uuid, enrolment_id uuid, customer_id uuid, agency_id uuid, currency text, amount bigint,
--+ final_message_id uuid, state text, note text, pack_sha256 text, handed_at timestamptz, ended_at timestamptz?,
--+ end_reason text?, invoices uuid[], amounts bigint[]
-- One of them as shown; the evidence itself is asked for apart.
select h.handover_id, h.enrolment_id, h.customer_id, h.agency_id, h.currency, h.amount, h.final_message_id, h.state,
    h.note, h.pack_sha256, h.handed_at, h.ended_at, h.end_reason, k.invoices, k.amounts
from handover h
cross join lateral (
    select coalesce(array_agg(i.invoice_id order by i.invoice_id), '{}') as invoices,
        coalesce(array_agg(i.amount order by i.invoice_id), '{}') as amounts
    from handover_invoice i
    where i.tenant_id = $1 and i.handover_id = h.handover_id
) k
where h.tenant_id = $1 and h.handover_id = $2;

-- name: handover_page(tenant uuid, customer uuid?, agency uuid?, state text?, before uuid?, count integer)
--+ -> handover_id uuid, enrolment_id uuid, customer_id uuid, agency_id uuid, currency text, amount bigint,
--+ final_message_id uuid, state text, note text, pack_sha256 text, handed_at timestamptz, ended_at timestamptz?,
--+ end_reason text?, invoices uuid[], amounts bigint[]
-- Newest first.
select h.handover_id, h.enrolment_id, h.customer_id, h.agency_id, h.currency, h.amount, h.final_message_id, h.state,
    h.note, h.pack_sha256, h.handed_at, h.ended_at, h.end_reason, k.invoices, k.amounts
from handover h
cross join lateral (
    select coalesce(array_agg(i.invoice_id order by i.invoice_id), '{}') as invoices,
        coalesce(array_agg(i.amount order by i.invoice_id), '{}') as amounts
    from handover_invoice i
    where i.tenant_id = $1 and i.handover_id = h.handover_id
) k
where h.tenant_id = $1 and ($2::uuid is null or h.customer_id = $2) and ($3::uuid is null or h.agency_id = $3)
    and ($4::text is null or h.state = $4) and ($5::uuid is null or h.handover_id < $5)
order by h.handover_id desc
limit $6;

-- name: handover_pack(tenant uuid, handover uuid) -> pack bytea
-- The evidence as it was handed over.
select h.pack from handover h where h.tenant_id = $1 and h.handover_id = $2;

-- name: handover_end(tenant uuid, handover uuid, state text, reason text, at timestamptz)
-- Once: what has ended stays as it ended.
update handover h
set state = $3, end_reason = $4, ended_at = $5
where h.tenant_id = $1 and h.handover_id = $2 and h.state = 'with_agency';

-- name: handover_close(tenant uuid, enrolments uuid[], reasons text[], at timestamptz)
--+ -> handover_id uuid, customer_id uuid, reason text
-- Their cases have ended: nothing is left to collect for the agency either.
update handover h
set state = 'closed', end_reason = x.reason, ended_at = $4
from unnest($2, $3) x (enrolment_id, reason)
where h.tenant_id = $1 and h.enrolment_id = x.enrolment_id and h.state = 'with_agency'
returning h.handover_id, h.customer_id, h.end_reason as reason;

-- name: handover_notices(tenant uuid, enrolment uuid) -> message_id uuid, contact_day date, invoice_id uuid
-- Final and legal notices of the case that arrived, by the invoices they listed. One that a gateway reported as failed did not.
select m.message_id, m.contact_day, l.invoice_id
from message_line l
join message m on m.tenant_id = $1 and m.message_id = l.message_id
where l.tenant_id = $1 and l.enrolment_id = $2 and m.tier in ('final', 'legal') and m.state = 'accepted'
    and coalesce(m.delivery, 'sent') <> 'failed'
order by m.contact_day, m.message_id, l.invoice_id;
