# syntax=docker/dockerfile:1
# One image for web, worker, beat and the one-shot set-up; docker-compose.yml says which command each runs.

FROM node:24-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.13-slim AS python-packages
COPY requirements/uv.txt requirements/base.txt /requirements/
RUN pip install --no-cache-dir --require-hashes --requirement /requirements/uv.txt \
    && uv venv --python /usr/local/bin/python3 /venv \
    && uv pip sync --require-hashes --compile-bytecode --no-cache --python /venv/bin/python /requirements/base.txt

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-inter \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin tollgate
WORKDIR /app
COPY --from=python-packages /venv /venv
COPY --from=front-end /app/node_modules node_modules
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    STATIC_ROOT=/app/var/static \
    TOLLGATE_FILES=/files \
    XDG_CACHE_HOME=/tmp \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000
# The secret is only there because settings want one; it stays in this layer's command and is used for nothing.
RUN SECRET_KEY=only-while-the-image-is-built python manage.py collectstatic --no-input \
    && install --directory --owner tollgate --group tollgate /files
USER tollgate
VOLUME /files
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "config.health", "web"]
CMD ["granian", "--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "config.wsgi:application"]
