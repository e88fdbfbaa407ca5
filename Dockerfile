# Build on the full image: where no prebuilt SQLite binding fits, npm compiles it with the toolchain found there.
FROM node:22-bookworm AS build
WORKDIR /usher
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build
RUN npm prune --omit=dev
RUN mkdir empty

# The same Debian release, so that the binding finds the libraries it was built with.
FROM node:22-bookworm-slim
ENV NODE_ENV=production
ENV HOST=0.0.0.0
ENV PORT=3000
ENV DATA_DIR=/data
WORKDIR /usher
COPY package.json LICENSE ./
COPY --from=build /usher/node_modules ./node_modules
COPY --from=build /usher/dist ./dist
COPY --from=build --chown=node:node /usher/empty /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, so that SIGTERM reaches the server.
CMD ["node", "dist/server/main.js"]
