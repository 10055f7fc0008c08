"""SuperOffice ErpSync on the wire: calls, rows, tenants. Source: superoffice-erpsync."""
