"""JTL-Wawi on the wire: calls, rows, versions, registration. Source: jtl-erp-api."""
