-- Keeps the workers' hands off a tenant. Variable: tenant.
update tenant set mode = 'suspended' where tenant_id = :'tenant';
