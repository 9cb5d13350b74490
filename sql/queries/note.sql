-- name: note_add(tenant uuid, note uuid, customer uuid, author text, body text, at timestamptz)
-- What somebody wants the next to know.
insert into note (tenant_id, note_id, customer_id, author, body, created_at)
values ($1, $2, $3, $4, $5, $6);

-- name: note_page(tenant uuid, customer uuid, before uuid?, count integer)
--+ -> note_id uuid, customer_id uuid, author text, body text, created_at timestamptz
-- Newest first.
select n.note_id, n.customer_id, n.author, n.body, n.created_at
from note n
where n.tenant_id = $1 and n.customer_id = $2 and ($3::uuid is null or n.note_id < $3)
order by n.note_id desc
limit $4;
