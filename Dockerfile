# The functions as a container image: for Container Apps (infra/container) and Kubernetes
# (infra/kubernetes). What goes in is what goes into the zip; .dockerignore says it in its own words.
#
#   docker build --tag qjobs .

# Microsoft patches the image of a tag every month. A release is built on the image of its day,
# which is pinned by digest here, and recorded as a label:
#   --build-arg BASE=mcr.microsoft.com/azure-functions/python:4-python3.13@sha256:...
ARG BASE=mcr.microsoft.com/azure-functions/python:4-python3.13

FROM ${BASE} AS packages
COPY requirements.txt /tmp/requirements.txt
# requirements.txt is closed: nothing is resolved or taken that is not there with its hash.
RUN python -m pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: --no-compile \
      --target /packages --requirement /tmp/requirements.txt

FROM ${BASE} AS compiled
WORKDIR /home/site/wwwroot
COPY --from=packages /packages .python_packages/lib/site-packages
COPY . .
# Nobody can write bytecode later. The sources beside it never change, so nothing compares them.
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash . \
    && chmod -R a+rX .

FROM ${BASE}
ARG BASE
LABEL org.opencontainers.image.title="qjobs" \
      org.opencontainers.image.description="Quantum algorithms as an HTTP job API" \
      org.opencontainers.image.base.name="${BASE}"

# The host listens on a port that needs no privilege. The worker finds the packages by PYTHONPATH
# from its first import on.
ENV AzureWebJobsScriptRoot=/home/site/wwwroot \
    AzureFunctionsJobHost__Logging__Console__IsEnabled=true \
    ASPNETCORE_URLS=http://+:8080 \
    DOTNET_EnableDiagnostics=0 \
    PYTHONPATH=/home/site/wwwroot/.python_packages/lib/site-packages \
    QDK_PYTHON_TELEMETRY=none

WORKDIR /home/site/wwwroot
COPY --from=compiled /home/site/wwwroot ./
# An image without one of its packages, or without bytecode, is none.
RUN test -f __pycache__/function_app.cpython-313.pyc \
    && python -c "import re, importlib.metadata as m, function_app; \
      [m.version(n) for n in re.findall('(?m)^([^= ]+)==', open('requirements.txt').read())]"

# What the host writes while it runs; the rest belongs to root and stays as it is.
RUN mkdir -p /home/LogFiles /home/data /home/.aspnet \
    && chown -R 1654:1654 /home/LogFiles /home/data /home/.aspnet
USER 1654
EXPOSE 8080
# The host goes on taking work at SIGTERM; at SIGINT it takes no more and ends what it has begun.
STOPSIGNAL SIGINT

# The image brings Python, not necessarily curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/api/health', timeout=4)"]

# The base image's own start script adds certificates to the system, which takes root.
CMD ["/azure-functions-host/Microsoft.Azure.WebJobs.Script.WebHost"]
