-- What makes figures comparable.
select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_version');
