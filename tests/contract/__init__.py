"""What client and partner agree on: the same tests for the sandbox and for the real partner.

They run against the sandbox in this process, the sandbox over HTTP, and, when
PARTNER_CONTRACT_URL, PARTNER_CONTRACT_TOKEN and PARTNER_CONTRACT_SECRET are set, against the
partner they name; that one is only bought from when PARTNER_CONTRACT_BUY is 1.
"""
