-- Cases to plan again.

-- Cases to re-plan of customers of these halves (0, 1) after a place, in their order: what was planned before has left its
-- entries in the index, and whoever begins at the first walks them all again. Customers who could not be planned with others
-- have a job of their own. Statistics know of hardly any, so the planner would read all and sort them for each batch.
create or replace function cases_to_plan(p_tenant uuid, p_limit integer, p_halves integer[], p_after uuid)
    returns table (enrolment_id uuid, customer_id uuid)
    language plpgsql stable set enable_bitmapscan = off set enable_sort = off set enable_seqscan = off set jit = off
    as $$
#variable_conflict use_column
begin
    return query
    select e.enrolment_id, e.customer_id
    from enrolment e
    where e.tenant_id = p_tenant and e.dirty and e.enrolment_id > p_after
        and get_byte(uuid_send(e.customer_id), 15) % 2 = any (p_halves)
        -- Read once: looked for one by one, an empty queue's plan would read all of a full one for each.
        and e.customer_id not in (select p.ref from q.due p where p.tenant_id = p_tenant and p.kind = 'plan')
    order by e.enrolment_id
    limit p_limit;
end $$;

grant execute on function cases_to_plan(uuid, integer, integer[], uuid) to recoup_worker;
