-- A dispatcher that freezes in the middle of a transaction keeps the turn to rescue; the server ends it, as it does for others.
alter role recoup_dispatch set idle_in_transaction_session_timeout = '15s';
