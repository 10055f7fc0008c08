"""An ERP in a box: JTL-Wawi and SuperOffice ErpSync over ASGI, faithful to the protocol sheets."""
