# One image for every process of the shop; the command tells which: web (the default), worker, beat,
# or the sandbox partner. Built and tried by hand where no container engine runs: docs/deployment.md.
FROM python:3.11-slim-bookworm AS packages
COPY requirements/production.txt /tmp/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/production.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --home-dir /app kiosk
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py gunicorn.conf.py ./
COPY partner_api partner_api
COPY storefront storefront
COPY templates templates
COPY static static
COPY locale locale
# The user it runs as can't write bytecode, so it is written here.
RUN python -m compileall -q partner_api storefront
# Only the files' names and contents matter here, so a demonstration's environment will do: no secret
# is in the image.
RUN env DEMO=1 SECRET_KEY=unused PIN_KEYS=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= \
    PARTNER_API_TOKEN=unused PARTNER_API_SECRET=unused \
    DATABASE_URL=postgresql://unused REDIS_URL=redis://unused \
    python manage.py collectstatic --no-input --verbosity 0
# The application can't change itself, whoever gets into it.
USER kiosk
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["gunicorn", "storefront.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--graceful-timeout", "30"]
