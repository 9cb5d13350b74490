-- The one reminder that each of these companies has becomes the pattern of others: it waits for ten years. Variable: tenants.
delete from q.due where tenant_id = any (:'tenants'::uuid[]) and kind = 'step';
update step_run set due_at = due_at + '10 years'::interval
where tenant_id = any (:'tenants'::uuid[]) and state = 'planned';
