# syntax=docker/dockerfile:1

# ---- build: the wheel, and an environment that holds it and its locked dependencies
FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements.lock tests/build.lock tests/browser.lock ./
# "yes": with Chromium, for sources that need a browser (render: true); some 400 MB more
ARG BROWSER=no
# the dependencies first: they change less often than the code
RUN python -m venv /opt/cruxwatch \
 && /opt/cruxwatch/bin/python -m pip install --require-hashes --only-binary :all: -r requirements.lock \
 && if [ "$BROWSER" = yes ]; then /opt/cruxwatch/bin/python -m pip install --require-hashes --only-binary :all: -r browser.lock; fi \
 && python -m venv /opt/build \
 && /opt/build/bin/python -m pip install --require-hashes -r build.lock
COPY pyproject.toml README.md LICENSE sources.yml triggers.yml ./
COPY crawler crawler
COPY storage storage
RUN /opt/build/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
 && /opt/cruxwatch/bin/python -m pip install --no-deps --no-index /dist/*.whl \
 && /opt/cruxwatch/bin/python -m compileall -q /opt/cruxwatch/lib

# ---- the image: no build tools, no root, nothing to write to but /data and /tmp
FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="Cruxwatch" \
      org.opencontainers.image.description="Watches the sources behind an assessment and says every morning which of its cruxes have happened." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
ARG BROWSER=no
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates tzdata \
 && if [ "$BROWSER" = yes ]; then apt-get install --yes --no-install-recommends chromium fonts-noto-cjk; fi \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 cruxwatch \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin cruxwatch \
 && install --directory --owner=10001 --group=10001 --mode=0750 /data /etc/cruxwatch
COPY --from=build /opt/cruxwatch /opt/cruxwatch
ENV PATH=/opt/cruxwatch/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CRUXWATCH_ARCHIVE=/data/archive.db \
    CRUXWATCH_BROWSER_SANDBOX=container
# a sources.yml and triggers.yml put into the working directory are used; without them, the shipped ones
WORKDIR /etc/cruxwatch
USER 10001:10001
VOLUME /data
EXPOSE 8001
STOPSIGNAL SIGTERM
# the scheduler gives a sign of life each minute; by two and a half minutes of silence it is unwell
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 CMD ["cruxwatch", "status", "--health"]
ENTRYPOINT ["cruxwatch"]
CMD ["schedule"]
