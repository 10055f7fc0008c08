"""Data and rules of SuperOffice ErpSync. Source: superoffice-erpsync."""
