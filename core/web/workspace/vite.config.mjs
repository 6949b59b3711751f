/** What the build, the development server and the tests agree about. `GATEWAY` is where a development server finds the API. */
const gateway = process.env.GATEWAY ?? "http://127.0.0.1:8080";

export default {
  base: "/workspace/",
  // One file for all that agents use all day; pages of admins are files of their own.
  build: { chunkSizeWarningLimit: 800 },
  oxc: { jsx: { runtime: "automatic", importSource: "react" } },
  server: {
    proxy: {
      "/api": { target: gateway, ws: true },
      "/v2": { target: gateway },
      "/attachments": { target: gateway },
    },
  },
};
