"""Data and rules of JTL-Wawi. Source: jtl-erp-api."""
