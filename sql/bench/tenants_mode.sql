-- Lets the workers at companies ('live') or keeps their hands off ('suspended'); the product's time from which that holds, in
-- microseconds. Variables: tenants, mode.
update tenant set mode = :'mode' where tenant_id = any (:'tenants'::uuid[]);
select (extract(epoch from clock_timestamp()) * 1000000)::bigint + clock_offset_us from instance;
