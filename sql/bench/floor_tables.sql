-- The least that a reminder's life must write, as narrow tables of nobody: what every queue on this PostgreSQL pays.
create schema floor;
create table floor.step (
    tenant uuid, id uuid, state integer, run_at timestamptz, note text, constraint step_pk primary key (tenant, id));
create table floor.due (
    tenant uuid, run_at timestamptz, id uuid, state integer, lease bigint,
    constraint due_pk primary key (tenant, run_at, id));
create table floor.message (
    tenant uuid, id uuid, state integer, at timestamptz, body text, constraint message_pk primary key (tenant, id));
create table floor.attempt (
    tenant uuid, id uuid, state integer, at timestamptz, constraint attempt_pk primary key (tenant, id));
create table floor.audit (
    tenant uuid, id uuid, at timestamptz, body jsonb, constraint audit_pk primary key (tenant, id));
-- The number as a tenant's id, and the place in a batch as an id that follows the one before it.
create function floor.tenant(n bigint) returns uuid
    language sql immutable return lpad(to_hex(n), 32, '0')::uuid;
create function floor.id(batch bigint, place integer) returns uuid
    language sql immutable return (lpad(to_hex(batch), 16, '0') || lpad(to_hex(place), 16, '0'))::uuid;
