"""Taking over the partner's catalog: fetch into staging, check, publish all of it or nothing.

`texts` and `rows` are pure; `staging` fetches and copies; `checks` decides whether the fetched
catalog may be published; `publish` merges it in one transaction; `derived` renews what follows
from the merged rows. The order of these steps is in `storefront.catalog.actions`.
"""
