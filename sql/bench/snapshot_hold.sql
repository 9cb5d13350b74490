-- Holds a snapshot open, as a long report does, until it is ended.
begin isolation level repeatable read;
select count(*) from tenant;
select pg_sleep(86400);
