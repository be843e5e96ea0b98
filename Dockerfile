# syntax=docker/dockerfile:1
# The page and the server, built in one place; the image that runs holds only the two and what TLS needs.

# Node as .ci/setup wants it; Debian's is older.
FROM node:22-bookworm-slim AS node

# The tools, some of them built here: made anew only when they or the locked versions change.
FROM rust:1.95-bookworm AS tools
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /rekey
COPY .ci/setup .ci/setup
COPY Cargo.lock .
RUN .ci/setup server frontend

# Dependencies are kept from one build to the next, downloaded and compiled.
FROM tools AS build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/rekey/target \
    make build && install -D target/release/rekey /built/rekey && cp -r frontend/dist /built/pages

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/rekey rekey && install -d -o rekey -g rekey -m 700 /var/lib/rekey
COPY --from=build /built/rekey /usr/local/bin/rekey
COPY --from=build /built/pages /usr/share/rekey
ENV REKEY_LISTEN=0.0.0.0:8080 REKEY_DATA_DIR=/var/lib/rekey REKEY_FRONTEND_DIR=/usr/share/rekey \
    DATABASE_URL=sqlite:///var/lib/rekey/rekey.db
USER 10001
WORKDIR /var/lib/rekey
VOLUME /var/lib/rekey
EXPOSE 8080
ENTRYPOINT ["rekey"]
CMD ["serve"]
