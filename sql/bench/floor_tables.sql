-- The least that a reminder's life must write, as narrow tables of nobody: what every queue on this PostgreSQL pays.
create schema floor;
create table floor.step (
    tenant bigint, id bigint, state smallint, run_at timestamptz, note text,
    constraint step_pk primary key (tenant, id));
create table floor.due (
    tenant bigint, run_at timestamptz, id bigint, lease bigint, constraint due_pk primary key (tenant, run_at, id));
create table floor.message (
    tenant bigint, id bigint, state smallint, at timestamptz, body text, constraint message_pk primary key (tenant, id));
create table floor.attempt (
    tenant bigint, id bigint, state smallint, at timestamptz, constraint attempt_pk primary key (tenant, id));
create table floor.audit (tenant bigint, id bigint, at timestamptz, body jsonb, constraint audit_pk primary key (tenant, id));
