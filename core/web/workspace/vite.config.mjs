/** What the build, the development server and the tests agree about. `GATEWAY` is where a development server finds the API. */
const gateway = process.env.GATEWAY ?? "http://127.0.0.1:8080";

export default {
  base: "/workspace/",
  oxc: { jsx: { runtime: "automatic", importSource: "react" } },
  server: {
    proxy: {
      "/api": { target: gateway, ws: true },
      "/v2": { target: gateway },
    },
  },
};
