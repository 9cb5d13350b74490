-- Customers that turned out to be one.

-- merged_into: the customer that has all that this one had; what a source says under this one's name is about that one. Never one
-- that was merged itself. merge_answer: what was answered to whoever asked for it, to be given again.
alter table customer
    add column merged_into uuid,
    add column merged_at timestamptz,
    add column merge_answer jsonb;
alter table customer add constraint customer_merged_fk foreign key (tenant_id, merged_into)
    references customer (tenant_id, customer_id);
alter table customer add constraint customer_merged_into_other check (merged_into <> customer_id);
alter table customer add constraint customer_merged_whole check (
    (merged_into is null) = (merged_at is null) and (merged_into is null) = (merge_answer is null));
create index customer_merged on customer (tenant_id, merged_into) where merged_into is not null;

-- Whose contact it was before; those that came with a merge are written to after the customer's own.
alter table contact add column merged_from uuid;

-- Whose it is may change by a merge, and nothing else of it: amounts, days, words and outcomes stay as they were written.
grant update (customer_id) on ledger_entry, message, posting, note, in_app to recoup_api;
grant insert on split_choice, contact_budget to recoup_api;
