-- A row's id is its ref, so one key tells what is there already. With two, whoever puts a job into the queue beside somebody who
-- does the same was refused by the one that ON CONFLICT does not look at.
alter table q.due drop constraint due_ref_key;
create index due_ref on q.due (tenant_id, kind, ref);
