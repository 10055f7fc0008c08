"""The commented template that `syncdeck config init` writes. It is well-formed TOML; values that only
its owner knows are marked by `# fill in: …`, and refused until they are filled in."""

TEMPLATE = """\
# syncdeck: profiles of the systems that it shows. `syncdeck config validate` checks this file.
# Times are seconds. Secrets are never written here, only where to find them:
#   { env = "NAME" }  { file = "PATH" }  { keyring = "service/user" }
#   { command = ["pass", "show", "acme/jtl"] }

default_profile = "acme"

# [history]                        # what was seen, for `h`, `H` and `syncdeck history`
# enabled = true
# directory = "/var/lib/syncdeck"  # unset: in the state directory
# group = "oncall"                 # this group may read it; unset: nobody else may
# keep = "14d"
# keep_days_totals = "400d"
# max_mb = 256                     # per profile
# messages = "masked"              # masked | none
#                                  # [profiles.acme.history] overrides them for one profile

# [[runbook]]                      # what your team knows, shown by `W` and sent with alerts
# when = "message:401 kind:Temu"   # a filter; more in `syncdeck help configuration`
# text = "Renew the token of the account in the Temu partner portal"
# url = "https://wiki.example/temu-401"
# call = "+49 30 1234 (marketplace team)"

[profiles.acme]
environment = "production"         # production | staging | development
# read_only = true                 # unset: true for production, false otherwise
# allow_plain_http = false         # http:// is accepted for this machine only
# ca_bundle = "/etc/ssl/acme.pem"
# proxy = "env"                    # env | none | a URL
# max_response_mb = 32

[profiles.acme.jtl]                # leave the table out if there is no JTL-Wawi
deployment = "cloud"               # cloud | on-premises
base_url = "https://api.jtl-cloud.com/erp"
tenant_id = "00000000-0000-0000-0000-000000000000" # fill in: the id of your tenant
# api_version = "auto"             # auto | unversioned | v1 | v2
# app_id = "…"                     # the app's name as it was registered; app_version = "…"
# run_as, company_id, session_id, api_key = { … }, api_version_header
# headers = { "CF-Access-Client-Id" = { … } } # what a proxy before the server requires
# server_name = "…"                # the certificate's name, where base_url has another one

[profiles.acme.jtl.auth]
type = "client-credentials"        # client-credentials | bearer | wawi
token_url = "https://auth.jtl-cloud.com/oauth2/token"
client_id = "your-client-id"       # fill in: the client id of your registered app
client_secret = { env = "ACME_JTL_CLIENT_SECRET" }
# type = "bearer"                  # token = { … }
# type = "wawi"                    # on-premises: api_key = { … }

[profiles.acme.superoffice]        # leave the table out if there is no SuperOffice
base_url = "https://online3.superoffice.com/Cust12345" # fill in: the address of your tenant
# environment = "online"           # instead of base_url: sod | qaonline | online; the tenant is
#                                  # looked up, followed when it moves, and its state is shown
# customer_id = "Cust12345"        # fill in: the id of your tenant, with environment
# app_token = { … }, language = "en-GB", culture = "en-GB", time_zone = "UTC, includeTZOffset"

[profiles.acme.superoffice.auth]
type = "bearer"                    # bearer | basic | so-ticket | session | system-user
token = { env = "ACME_SUPEROFFICE_TOKEN" }
# type = "basic"                   # username = "…", password = { … }
# type = "so-ticket"               # ticket = { … }
# type = "session"                 # cookie = { … }, xsrf = { … }
# type = "system-user"             # system_user_token = { … }, private_key = { … }, with app_token
#                                  # above; needs pip install 'syncdeck[system-user]'

# [profiles.acme.sets]             # what `syncdeck maintenance open NAME` stops together
# nightly = ["channel:Amazon", 'name:"Temu DE"', "engine"]

[profiles.acme.refresh]
status = 5
workers = 60                       # the list with its options; also read before and after a write
engine = 10
extensions = 60
connections = 60
"""
