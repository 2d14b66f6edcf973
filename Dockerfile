# A small image that runs coffer as an ordinary user:
#   docker build -t coffer .
#   docker run --rm -v ~/.config/rclone:/config/rclone -v "$PWD:/data" --user "$(id -u)" coffer ls secret:
# Mounting needs more: --device /dev/fuse --cap-add SYS_ADMIN --security-opt apparmor=unconfined

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts/build.mjs scripts/code-cache.cjs scripts/practice-store.mjs scripts/
COPY src src
COPY tsconfig.json LICENSE ./
# The bundle holds everything but these, which load their compiled parts from beside themselves.
RUN npm run build \
 && mkdir -p /coffer \
 && npm query '#koffi, #koffi *, #sodium-native, #sodium-native *, #fuse-native, #fuse-native *' \
    | node -p 'JSON.parse(require("node:fs").readFileSync(0)).map((found) => found.location).join("\n")' \
    | xargs cp -r --parents -t /coffer \
 && find /coffer/node_modules/sodium-native/prebuilds -mindepth 1 -maxdepth 1 ! -name "linux-$(node -p process.arch)" -exec rm -r {} + \
 && cp -r dist package.json LICENSE /coffer

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates fuse3 libfuse2 zstd \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p /config/rclone /data \
 && chown node:node /config/rclone /data
COPY --from=build /coffer /opt/coffer
RUN ln -s /opt/coffer/dist/coffer.js /usr/local/bin/coffer
ENV XDG_CONFIG_HOME=/config
USER node
WORKDIR /data
ENTRYPOINT ["coffer"]
CMD ["--help"]
