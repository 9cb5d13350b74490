-- What a message said is read from the bytes that were sent; they hold its text and its html, and each was kept twice. What was
-- written before keeps both.
alter table message alter column text_body drop not null;
alter table message alter column html_body drop not null;
