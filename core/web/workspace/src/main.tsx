import { createRoot } from "react-dom/client";
import { App } from "./app";
import { followPreferences } from "./preferences/preferences";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/parts.css";
import "./styles/shell.css";
import "./styles/bar.css";
import "./styles/views.css";
import "./styles/ticket.css";
import "./styles/composer.css";

followPreferences();
createRoot(document.getElementById("root") as HTMLElement).render(<App />);
