-- name: merge_check(tenant uuid, customers uuid[])
-- Ends the transaction, to be run again, when one of these was merged into another.
select from customers_stay($1, $2);

-- name: merge_keep(tenant uuid, customer uuid) -> customer_id uuid
-- Nobody merges this customer away until the transaction ends. Lock its cases before. No row: it was merged.
select customer_id
from customer
where tenant_id = $1 and customer_id = $2 and merged_into is null
for key share;

-- name: merge_lock(tenant uuid, customers uuid[]) -> customer_id uuid
-- Waits for whoever writes anything of these customers, and keeps others from it: what is new of a customer refers to its row.
select c.customer_id
from customer c
where c.tenant_id = $1 and c.customer_id = any ($2)
order by c.customer_id
for update;

-- name: merge_answer(tenant uuid, customer uuid) -> answer jsonb?
-- What was answered to the merge of this customer.
select c.merge_answer as answer from customer c where c.tenant_id = $1 and c.customer_id = $2;

-- name: merge_mark(tenant uuid, merged uuid, into uuid, answer jsonb, at timestamptz)
-- It leads to the other from now on.
update customer
set merged_into = $3, merge_answer = $4, merged_at = $5, updated_at = $5
where tenant_id = $1 and customer_id = $2 and merged_into is null;

-- name: merge_shorten(tenant uuid, merged uuid, into uuid)
-- Those that led to it lead to the other at once: nobody has to look twice.
update customer set merged_into = $3 where tenant_id = $1 and merged_into = $2;

-- name: merge_under_way(tenant uuid, customers uuid[]) -> message_id uuid, contact_day date
-- Messages to them that are on the wire.
select m.message_id, m.contact_day
from message m
where m.tenant_id = $1 and m.customer_id = any ($2) and m.state = 'sending'
order by m.armed_at, m.message_id;

-- name: merge_contacts(tenant uuid, merged uuid, into uuid)
-- Whom to write to.
update contact set customer_id = $3, merged_from = coalesce(merged_from, $2) where tenant_id = $1 and customer_id = $2;

-- name: merge_opt_outs(tenant uuid, customer uuid, at timestamptz)
-- Who has opted out under one name has opted out: the same address, or the same number.
update contact c
set opted_out = true, updated_at = $3
where c.tenant_id = $1 and c.customer_id = $2 and not c.opted_out
    and exists (
        select 1 from contact k
        where k.tenant_id = $1 and k.customer_id = $2 and k.opted_out
            and (k.email_key = c.email_key or k.phone = c.phone));

-- name: merge_suppressions(tenant uuid, customer uuid, at timestamptz)
-- The same of addresses that were refused for good.
update contact c
set suppressed_reason = k.suppressed_reason, updated_at = $3
from contact k
where c.tenant_id = $1 and c.customer_id = $2 and c.suppressed_reason is null
    and k.tenant_id = $1 and k.customer_id = $2 and k.email_key = c.email_key and k.suppressed_reason is not null;

-- name: merge_budget(tenant uuid, customer uuid, since date)
-- It is one person now: what went to one of its addresses counts for all of them.
insert into contact_budget (tenant_id, address_key, day, message_id)
select distinct on (n.key, b.day) $1, n.key, b.day, b.message_id
from (
    select c.email_key as key
    from contact c
    where c.tenant_id = $1 and c.customer_id = $2 and c.email_key is not null
    union
    select p.phone
    from contact p
    where p.tenant_id = $1 and p.customer_id = $2 and p.phone is not null
) n
join contact_budget b on b.tenant_id = $1 and b.day >= $3 and b.address_key in (
    select o.email_key from contact o where o.tenant_id = $1 and o.customer_id = $2 and o.email_key is not null
    union
    select t.phone from contact t where t.tenant_id = $1 and t.customer_id = $2 and t.phone is not null)
order by n.key, b.day, b.message_id
on conflict on constraint contact_budget_pk do nothing;

-- name: merge_step_runs(tenant uuid, merged uuid, into uuid)
-- What was done about it. Before its cases, by which they are found.
update step_run s set customer_id = $3
from enrolment e
where s.tenant_id = $1 and e.tenant_id = $1 and e.customer_id = $2 and s.enrolment_id = e.enrolment_id;

-- name: merge_cases(tenant uuid, merged uuid, into uuid)
-- Its cases, those that have ended as well. Where both had one open, one of the two was closed before.
update enrolment set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_first_contacts(tenant uuid, merged uuid, into uuid)
-- Days that were asked for or given.
update first_contact set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_invoices(tenant uuid, merged uuid, into uuid)
-- What it owes.
update invoice set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_payments(tenant uuid, merged uuid, into uuid)
-- What it has paid, and its credit.
update payment set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_entries(tenant uuid, merged uuid, into uuid)
-- Whose account it was; what moved, how much of it and when stays as it was booked.
update ledger_entry set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_postings(tenant uuid, merged uuid, into uuid)
-- Who asked for what to be booked.
update posting set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_disputes(tenant uuid, merged uuid, into uuid)
-- What it says is wrong.
update dispute set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_promises(tenant uuid, merged uuid, into uuid)
-- What it has promised.
update promise set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_plans(tenant uuid, merged uuid, into uuid)
-- What was agreed with it.
update payment_plan set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_holds(tenant uuid, merged uuid, into uuid)
-- Why not to contact it.
update hold set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_handovers(tenant uuid, merged uuid, into uuid)
-- What an agency has or had.
update handover set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_tasks(tenant uuid, merged uuid, into uuid)
-- What people are to do about it.
update task set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_notes(tenant uuid, merged uuid, into uuid)
-- What people have written about it.
update note set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_messages(tenant uuid, merged uuid, into uuid)
-- What was said to it.
update message set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_in_app(tenant uuid, merged uuid, into uuid)
-- What the tenant's own product shows it.
update in_app set customer_id = $3 where tenant_id = $1 and customer_id = $2;

-- name: merge_segments(tenant uuid, merged uuid, into uuid)
-- The lists it was put into.
insert into segment_member (tenant_id, segment_id, customer_id, added_at)
select $1, m.segment_id, $3, m.added_at
from segment_member m
where m.tenant_id = $1 and m.customer_id = $2
on conflict on constraint segment_member_pk do nothing;

-- name: merge_segments_leave(tenant uuid, merged uuid)
-- And it is in none any more.
delete from segment_member m where m.tenant_id = $1 and m.customer_id = $2;

-- name: merge_shares(tenant uuid, merged uuid, into uuid)
-- The shares of experiments it fell into, where the other has fallen into none.
insert into split_choice (tenant_id, customer_id, experiment, share, chosen_at)
select $1, $3, s.experiment, s.share, s.chosen_at
from split_choice s
where s.tenant_id = $1 and s.customer_id = $2
on conflict on constraint split_choice_pk do nothing;

-- name: merge_jobs(tenant uuid, merged uuid)
-- There are no cases of it to be planned.
delete from q.due d where d.tenant_id = $1 and d.kind = 'plan' and d.ref = $2;

-- name: merge_meetings(tenant uuid, customer uuid) -> brand_id uuid, invoice_id uuid
-- Open invoices on accounts with money that may cover them, by whichever name either came.
select v.brand_id, v.invoice_id
from invoice v
where v.tenant_id = $1 and v.customer_id = $2 and v.settled_at is null
    and exists (
        select 1 from payment p
        where p.tenant_id = $1 and p.customer_id = $2 and p.brand_id = v.brand_id and p.currency = v.currency
            and p.status <> 'failed' and (p.unallocated > 0 or p.automatic or p.status = 'pending'))
order by v.brand_id, v.invoice_id;

-- name: merge_covered(tenant uuid, invoices uuid[]) -> invoice_id uuid
-- Those of which nothing is open any more.
select v.invoice_id
from invoice v
where v.tenant_id = $1 and v.invoice_id = any ($2) and v.settled_at is not null;

-- name: merge_any(tenant uuid) -> found bool
-- Whether the tenant has merged any customers: most have not.
select exists (select 1 from customer c where c.tenant_id = $1 and c.merged_into is not null) as found;

-- name: merge_rename_rows(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer)
-- Rows about a customer that was merged are about the one that stayed. What they say of the customer itself is not taken in: it
-- is what the file still calls by the other name.
update import_row r
set customer = s.external_id, customer_name = null, customer_kind = null, customer_locale = null, customer_zone = null,
    customer_traits = null, contact_name = null, contact_email = null, contact_key = null, contact_phone = null
from customer m
join customer s on s.tenant_id = $1 and s.customer_id = m.merged_into
where m.tenant_id = $1 and m.merged_into is not null and r.tenant_id = $1 and r.import_id = $2
    and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6) and r.customer = m.external_id;

-- name: merge_followed(tenant uuid, customers uuid[]) -> customer_id uuid, other uuid
-- Those of these that were merged, and into whom.
select c.customer_id, c.merged_into as other
from customer c
where c.tenant_id = $1 and c.customer_id = any ($2) and c.merged_into is not null;
