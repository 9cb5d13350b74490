-- Jobs of a kind, queued or running. Variable: kind.
select count(*) from q.due where kind = :'kind';
