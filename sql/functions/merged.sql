-- Customers that were merged into others.

-- None of these was merged: else the transaction is run again, and finds whose its things are now. For whoever has read a
-- customer before it locked its cases, and may have waited for the merge.
create or replace function customers_stay(p_tenant uuid, p_customers uuid[]) returns void
    language plpgsql
    as $$
begin
    if exists (
        select 1 from customer c
        where c.tenant_id = p_tenant and c.merged_into is not null and c.customer_id = any (p_customers))
    then
        raise exception 'a customer was merged meanwhile' using errcode = 'serialization_failure';
    end if;
end $$;

grant execute on function customers_stay(uuid, uuid[]) to recoup_api, recoup_bulk, recoup_worker;
