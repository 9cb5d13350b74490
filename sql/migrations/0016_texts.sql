-- In which languages a tenant's customers read: asked whenever a text is saved, and read from one language to the next.
create index customer_locale on customer (tenant_id, locale) where locale is not null;
