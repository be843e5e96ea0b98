# The page and the server, built in one place; the image that runs holds only the two and what TLS needs.
FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends brotli nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /rekey
COPY . .
RUN make build

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/rekey --create-home rekey
COPY --from=build /rekey/target/release/rekey /usr/local/bin/rekey
COPY --from=build /rekey/frontend/dist /usr/share/rekey
USER rekey
VOLUME /var/lib/rekey
EXPOSE 8080
ENTRYPOINT ["rekey"]
CMD ["serve"]
