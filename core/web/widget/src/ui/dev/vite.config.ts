/** `npx vite -c src/ui/dev/vite.config.ts` shows the gallery. */
import { defineConfig } from "vite";

export default defineConfig({ root: new URL(".", import.meta.url).pathname });
