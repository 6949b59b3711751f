/** The first start: makes the administrator's account with the one-time key of the printed link. */
import { type FormEvent, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { api } from "../desk/api";
import { useText } from "../i18n";
import { Banner, Button, Field, problemOf, useTitle } from "../ui";
import { DoorFrame, PasswordField } from "./door";
import { setUp } from "./session";

const MIN_PASSWORD = 10;

export function SetUp() {
  const t = useText();
  useTitle(t("setupTitle"));
  const [token] = useState(tokenInAddress);
  const needed = useSetUpNeeded();
  if (needed === false) return <Closed text={t("setupDone")} />;
  if (!token) return <Closed text={t("setupNoToken")} />;
  return (
    <DoorFrame title={t("setupTitle")} intro={t("setupIntro")}>
      <SetUpForm token={token} />
    </DoorFrame>
  );
}

/** The key stands behind `#`, so that it is in no log; it is taken out of the address at once. */
function tokenInAddress(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token) history.replaceState(null, "", location.pathname);
  return token;
}

function useSetUpNeeded(): boolean | null {
  const [needed, setNeeded] = useState<boolean | null>(null);
  useEffect(() => {
    // Without an answer, the form says what is wrong when it is sent.
    api.me.needsSetUp().then(setNeeded, () => setNeeded(true));
  }, []);
  return needed;
}

function SetUpForm({ token }: { token: string }) {
  const t = useText();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const short = tried && [...password].length < MIN_PASSWORD;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ([...password].length < MIN_PASSWORD) return;
    setBusy(true);
    setProblem(null);
    try {
      await setUp({ token, name: name.trim(), email: email.trim(), password });
      navigate("/", { replace: true });
    } catch (error) {
      const { status } = error as { status?: number };
      setProblem(
        status === 401 || status === 403 || status === 404 ? t("setupBadToken") : problemOf(t, error),
      );
      setBusy(false);
    }
  };
  return (
    <form className="door-form" onSubmit={submit}>
      {problem && (
        <div role="alert">
          <Banner kind="bad">{problem}</Banner>
        </div>
      )}
      <Field label={t("yourName")} autoComplete="name" value={name} onChange={setName} isRequired autoFocus />
      <Field
        label={t("email")}
        type="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        isRequired
      />
      <PasswordField
        label={t("password")}
        help={t("passwordHelp")}
        error={short ? t("passwordShort") : null}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
      />
      <Button kind="primary" type="submit" busy={busy} className="door-button">
        {t("setupGo")}
      </Button>
    </form>
  );
}

function Closed({ text }: { text: string }) {
  const t = useText();
  const [, navigate] = useLocation();
  return (
    <DoorFrame title={t("setupTitle")} intro={text}>
      <Button kind="primary" className="door-button" onPress={() => navigate("/")}>
        {t("toSignIn")}
      </Button>
    </DoorFrame>
  );
}
