-- name: data_quality_customers_without_address(tenant uuid, after text, count integer)
--+ -> subject text, name text, detail text
-- Who owes and cannot be written to: no contact with an address that is neither opted out nor refused.
select c.customer_id::text as subject, c.name, c.external_id as detail
from customer c
where c.tenant_id = $1 and c.customer_id::text > $2
    and exists (
        select 1 from invoice v where v.tenant_id = $1 and v.customer_id = c.customer_id and v.settled_at is null)
    and not exists (
        select 1 from contact k
        where k.tenant_id = $1 and k.customer_id = c.customer_id and k.email is not null and not k.opted_out
            and k.suppressed_reason is null)
order by c.customer_id::text
limit $3;

-- name: data_quality_duplicate_addresses(tenant uuid, after text, count integer)
--+ -> subject text, name text, detail text
-- Addresses of several customers: their reminders share the caps of one reader.
select min(k.email_key) as subject, min(k.email) as name, count(distinct k.customer_id)::text as detail
from contact k
where k.tenant_id = $1 and k.email_key > $2
group by k.email_key
having count(distinct k.customer_id) > 1
order by k.email_key
limit $3;

-- name: data_quality_invoices_without_due_date(tenant uuid, after text, count integer)
--+ -> subject text, name text, detail text
-- Open invoices that no step counts from.
select v.invoice_id::text as subject, v.number as name, v.customer_id::text as detail
from invoice v
where v.tenant_id = $1 and v.settled_at is null and v.due_date is null and v.invoice_id::text > $2
order by v.invoice_id::text
limit $3;

-- name: data_quality_currencies_without_rate(tenant uuid, after text, count integer)
--+ -> subject text, name text, detail text
-- Currencies in use that cannot be shown in the tenant's base currency: no rate is known on any day.
select u.currency as subject, u.currency as name, coalesce(t.base_currency, '') as detail
from tenant t
cross join lateral (select distinct v.currency from invoice v where v.tenant_id = $1) u
where t.tenant_id = $1 and t.base_currency is not null and u.currency <> t.base_currency and u.currency > $2
    and not exists (
        select 1 from exchange_rate r
        where r.tenant_id = $1 and r.base = t.base_currency and r.currency = u.currency)
order by u.currency
limit $3;

-- name: data_quality_stale_sources(tenant uuid, after text, count integer, at timestamptz)
--+ -> subject text, name text, detail text
-- Sources that should have been heard of by now.
select s.source as subject, s.source as name, coalesce(s.last_success_at::text, 'never') as detail
from source s
where s.tenant_id = $1 and s.source > $2
    and coalesce(s.last_success_at, s.created_at) + s.max_age_hours * '1 hour'::interval <= $4
order by s.source
limit $3;

-- name: data_quality_waiting_credit(tenant uuid, after text, count integer)
--+ -> subject text, name text, detail text
-- Money that waits for invoices nobody has told us of.
select p.payment_id::text as subject, p.external_id as name,
    string_agg(a.source || '/' || a.invoice_external_id, ', ' order by a.source, a.invoice_external_id) as detail
from payment p
join allocation a on a.tenant_id = $1 and a.payment_id = p.payment_id
where p.tenant_id = $1 and p.unallocated > 0 and p.payment_id::text > $2
    and not exists (
        select 1 from invoice v
        where v.tenant_id = $1 and v.source = a.source and v.external_id = a.invoice_external_id)
group by p.tenant_id, p.payment_id
order by p.payment_id::text
limit $3;
