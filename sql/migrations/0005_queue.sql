-- The queue: what is due within minutes, its lanes, its workers. No personal data here.

-- Tenant x gateway, or the tenant's internal jobs (lane_id = tenant_id), or its imports, which take long. staged_to: planned steps due before it were staged.
create table q.lane (
    tenant_id uuid not null,
    lane_id uuid not null,
    kind text not null,
    lease_no bigint not null default 0,
    staged_to timestamptz not null,
    paused_until timestamptz,
    paused_reason text,
    constraint lane_pk primary key (tenant_id, lane_id),
    constraint lane_kind_known check (kind in ('mail', 'internal', 'bulk'))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

create unique index lane_one_bulk on q.lane (tenant_id) where kind = 'bulk';

-- phase: 0 free, 1 claimed, 2 armed (may be on the wire). lease is numbered from the lane row; it fences every finish.
-- ref: the step run, or the subject of an internal job. due_at moves with run_at; claimed_at and armed_at are database time.
create table q.due (
    tenant_id uuid not null,
    due_id uuid not null,
    lane_id uuid not null,
    kind text not null,
    ref uuid not null,
    run_at timestamptz not null,
    attempt_no integer not null default 0,
    phase smallint not null default 0,
    worker_id uuid,
    lease bigint,
    claimed_at timestamptz,
    armed_at timestamptz,
    constraint due_pk primary key (tenant_id, due_id),
    constraint due_ref_key unique (tenant_id, kind, ref),
    constraint due_lane_fk foreign key (tenant_id, lane_id) references q.lane (tenant_id, lane_id),
    constraint due_kind_known check (kind in ('step', 'drain', 'settle', 'fold', 'import')),
    constraint due_phase_known check (phase in (0, 1, 2)),
    constraint due_leased check ((phase = 0) = (worker_id is null) and (phase = 0) = (lease is null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index due_claim on q.due (tenant_id, lane_id, run_at, due_id) where phase = 0;
create index due_leases on q.due (worker_id) where worker_id is not null;

-- Alive by its heartbeat (database time). No tenant, no personal data: exempt from row-level security by name.
create table q.worker (
    worker_id uuid not null,
    started_at timestamptz not null,
    heartbeat_at timestamptz not null,
    dead boolean not null default false,
    host text not null,
    constraint worker_pk primary key (worker_id)
) with (fillfactor = 50);
