-- name: import_brand(tenant uuid, wanted text?)
--+ -> brand_id uuid, name text, zone text, grace_days integer, mode text
-- The brand an import goes to: by id or name, or the only one. Two rows are enough to see that it is not the only one.
select b.brand_id, b.name, b.zone, b.grace_days, t.mode
from brand b
join tenant t on t.tenant_id = $1
where b.tenant_id = $1 and ($2::text is null or b.name = $2 or b.brand_id::text = $2)
order by b.brand_id
limit 2;

-- name: import_source(tenant uuid, source text, at timestamptz)
-- Where the rows come from; named by its first import.
insert into source (tenant_id, source, created_at)
values ($1, $2, $3)
on conflict on constraint source_pk do nothing;

-- name: import_start(tenant uuid, import uuid, mode text, source text, snapshot bool, brand uuid, mapping jsonb,
--+ mapping_name text?, file_name text?, policy text?, actor text, at timestamptz)
-- Written before the first byte is kept.
insert into import (
    tenant_id, import_id, state, mode, source, is_snapshot, brand_id, mapping, mapping_name, file_name, asked_policy,
    created_by, created_at)
values ($1, $2, 'receiving', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: import_piece_add(tenant uuid, import uuid, number integer, bytes bytea)
-- A piece of the file, as it came.
insert into import_piece (tenant_id, import_id, number, bytes)
values ($1, $2, $3, $4);

-- name: import_piece(tenant uuid, import uuid, number integer) -> bytes bytea
-- One piece, when its turn comes.
select bytes
from import_piece
where tenant_id = $1 and import_id = $2 and number = $3;

-- name: import_received(tenant uuid, import uuid, pieces integer, size bigint, sha256 bytea, at timestamptz)
-- The last byte is safe: from here on the import is the worker's.
update import
set state = 'received', pieces = $3, file_size = $4, file_sha256 = $5, received_at = $6
where tenant_id = $1 and import_id = $2 and state = 'receiving';

-- name: import_job(tenant uuid, import uuid)
--+ -> state text, mode text, source text, is_snapshot bool, brand_id uuid, mapping jsonb, asked_policy text?,
--+ entry_policy text?, pieces integer, today date?, run integer, rows_read integer, rows_staged integer,
--+ rows_applied integer, at_slot integer, at_seq integer, errors integer, received_at timestamptz?,
--+ confirmed_at timestamptz?
-- What a worker has to know to go on.
select state, mode, source, is_snapshot, brand_id, mapping, asked_policy, entry_policy, pieces, today, run, rows_read,
    rows_staged, rows_applied, at_slot, at_seq, errors, received_at, confirmed_at
from import
where tenant_id = $1 and import_id = $2;

-- name: import_take(tenant uuid, import uuid, today date) -> run integer
-- A worker takes it up; what an earlier one still writes is refused from here on.
update import
set run = run + 1, today = coalesce(today, $3)
where tenant_id = $1 and import_id = $2
returning run;

-- name: import_step(tenant uuid, import uuid, run integer, from_states text[], state text)
-- From one state to the next, by the worker that has it.
update import
set state = $5
where tenant_id = $1 and import_id = $2 and run = $3 and state = any ($4);

-- name: import_restage(tenant uuid, import uuid, run integer)
-- Reads the file from its beginning.
update import
set state = 'staging', pieces_read = 0, rows_read = 0, rows_staged = 0
where tenant_id = $1 and import_id = $2 and run = $3;

-- name: import_staged(tenant uuid, import uuid, run integer, pieces_read integer, rows_read integer, rows_staged integer)
-- Another batch of rows is staged.
update import
set pieces_read = $4, rows_read = rows_read + $5, rows_staged = rows_staged + $6
where tenant_id = $1 and import_id = $2 and run = $3 and state = 'staging';

-- name: import_policy(tenant uuid, import uuid, run integer, policy text)
-- How new cases enter, as decided once for all chunks.
update import
set entry_policy = $4
where tenant_id = $1 and import_id = $2 and run = $3;

-- name: import_await(tenant uuid, import uuid, run integer, closing integer, open_items integer)
-- A list of open items that would close a good part of them waits for a person.
update import
set state = 'awaiting_confirmation', closing = $4, open_items = $5
where tenant_id = $1 and import_id = $2 and run = $3 and state = 'validating';

-- name: import_confirm(tenant uuid, import uuid, at timestamptz)
-- A person has looked at it.
update import
set state = 'applying', confirmed_at = $3
where tenant_id = $1 and import_id = $2 and state = 'awaiting_confirmation';

-- name: import_cancel(tenant uuid, import uuid, at timestamptz)
-- Nothing of it was applied, and nothing will be.
update import
set state = 'cancelled', finished_at = $3, run = run + 1
where tenant_id = $1 and import_id = $2
    and state in ('receiving', 'received', 'staging', 'validating', 'awaiting_confirmation');

-- name: import_progress(tenant uuid, import uuid, run integer, at_slot integer, at_seq integer, from_slot integer,
--+ from_seq integer, rows integer, customers_created integer, customers_changed integer, invoices_created integer,
--+ invoices_changed integer, payments_created integer, payments_changed integer, credit_notes_created integer,
--+ credit_notes_changed integer, unchanged integer, older integer, settled integer, reopened integer)
-- What one chunk did, in the chunk's own transaction. No row: another worker has the import, or the chunk is done already.
update import
set at_slot = $4, at_seq = $5, rows_applied = rows_applied + $8, customers_created = customers_created + $9,
    customers_changed = customers_changed + $10, invoices_created = invoices_created + $11,
    invoices_changed = invoices_changed + $12, payments_created = payments_created + $13,
    payments_changed = payments_changed + $14, credit_notes_created = credit_notes_created + $15,
    credit_notes_changed = credit_notes_changed + $16, unchanged = unchanged + $17, older = older + $18,
    settled = settled + $19, reopened = reopened + $20
where tenant_id = $1 and import_id = $2 and run = $3 and state = 'applying' and at_slot = $6 and at_seq = $7;

-- name: import_count_errors(tenant uuid, import uuid) -> errors integer
-- As many as there are, however often they were found.
update import
set errors = (select count(*) from import_error e where e.tenant_id = $1 and e.import_id = $2)
where tenant_id = $1 and import_id = $2
returning errors;

-- name: import_finish(tenant uuid, import uuid, run integer, state text, code text?, problem text?, at timestamptz)
-- The end, good or bad.
update import
set state = $4, problem_code = $5, problem = $6, finished_at = $7
where tenant_id = $1 and import_id = $2 and run = $3
    and state in ('received', 'staging', 'validating', 'awaiting_confirmation', 'applying');

-- name: import_abandon(tenant uuid, import uuid, code text, problem text, at timestamptz)
-- The upload broke off.
update import
set state = 'failed', problem_code = $3, problem = $4, finished_at = $5
where tenant_id = $1 and import_id = $2 and state = 'receiving';

-- name: import_stale(tenant uuid, before timestamptz) -> import_id uuid
-- Uploads that whoever took them never ended.
select import_id
from import
where tenant_id = $1 and state = 'receiving' and created_at < $2;

-- name: import_source_heard(tenant uuid, source text, at timestamptz) -> was_stale bool
-- The source has spoken.
update source
set last_success_at = $3
where tenant_id = $1 and source = $2
returning stale_since is not null as was_stale;

-- name: import_drop_pieces(tenant uuid, import uuid)
-- The file is not needed any more.
delete from import_piece
where tenant_id = $1 and import_id = $2;

-- name: import_by_id(tenant uuid, import uuid)
--+ -> import_id uuid, state text, mode text, source text, is_snapshot bool, brand_id uuid, mapping jsonb,
--+ mapping_name text?, file_name text?, entry_policy text?, pieces integer, file_size bigint, file_sha256 bytea?,
--+ pieces_read integer, rows_read integer, rows_staged integer, rows_applied integer, customers_created integer,
--+ customers_changed integer, invoices_created integer, invoices_changed integer, payments_created integer,
--+ payments_changed integer, credit_notes_created integer, credit_notes_changed integer, unchanged integer,
--+ older integer, settled integer, reopened integer, errors integer, closing integer, open_items integer,
--+ problem_code text?, problem text?, created_at timestamptz, received_at timestamptz?, finished_at timestamptz?
-- One import as shown.
select import_id, state, mode, source, is_snapshot, brand_id, mapping, mapping_name, file_name,
    coalesce(entry_policy, asked_policy) as entry_policy, pieces, file_size, file_sha256, pieces_read, rows_read,
    rows_staged, rows_applied, customers_created, customers_changed, invoices_created, invoices_changed,
    payments_created, payments_changed, credit_notes_created, credit_notes_changed, unchanged, older, settled, reopened,
    errors, closing, open_items, problem_code, problem, created_at, received_at, finished_at
from import
where tenant_id = $1 and import_id = $2;

-- name: import_page(tenant uuid, before uuid?, count bigint)
--+ -> import_id uuid, state text, mode text, source text, is_snapshot bool, brand_id uuid, mapping jsonb,
--+ mapping_name text?, file_name text?, entry_policy text?, pieces integer, file_size bigint, file_sha256 bytea?,
--+ pieces_read integer, rows_read integer, rows_staged integer, rows_applied integer, customers_created integer,
--+ customers_changed integer, invoices_created integer, invoices_changed integer, payments_created integer,
--+ payments_changed integer, credit_notes_created integer, credit_notes_changed integer, unchanged integer,
--+ older integer, settled integer, reopened integer, errors integer, closing integer, open_items integer,
--+ problem_code text?, problem text?, created_at timestamptz, received_at timestamptz?, finished_at timestamptz?
-- Newest first.
select import_id, state, mode, source, is_snapshot, brand_id, mapping, mapping_name, file_name,
    coalesce(entry_policy, asked_policy) as entry_policy, pieces, file_size, file_sha256, pieces_read, rows_read,
    rows_staged, rows_applied, customers_created, customers_changed, invoices_created, invoices_changed,
    payments_created, payments_changed, credit_notes_created, credit_notes_changed, unchanged, older, settled, reopened,
    errors, closing, open_items, problem_code, problem, created_at, received_at, finished_at
from import
where tenant_id = $1 and ($2::uuid is null or import_id < $2)
order by import_id desc
limit $3;

-- name: import_error_page(tenant uuid, import uuid, after_row integer, after_field text, count bigint)
--+ -> row_no integer, field text, line integer, column_name text?, code text, message text
-- In the order of the file, from behind the last one seen (row -1 for the first page).
select row_no, field, line, column_name, code, message
from import_error
where tenant_id = $1 and import_id = $2 and (row_no, field) > ($3, $4)
order by row_no, field
limit $5;

-- name: import_error_add(tenant uuid, import uuid, rows integer[], fields text[], lines integer[], columns text[],
--+ codes text[], messages text[])
-- What was not taken in, and why; an empty column is none. Found again after a restart it is the same one.
insert into import_error (tenant_id, import_id, row_no, field, line, column_name, code, message)
select $1, $2, x.row_no, x.field, x.line, nullif(x.column_name, ''), x.code, x.message
from unnest($3, $4, $5, $6, $7, $8) as x (row_no, field, line, column_name, code, message)
on conflict on constraint import_error_pk do nothing;
