/** The door: e-mail and password, and the one-time code when the account asks for it. */
import { type FormEvent, useState } from "react";
import { useText } from "../i18n";
import { Banner, Button, Field, problemOf, useTitle } from "../ui";
import { DoorFrame, PasswordField } from "./door";
import { signIn } from "./session";

export function SignIn({ over }: { over: boolean }) {
  const t = useText();
  useTitle(t("signInTitle"));
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await signIn(email.trim(), password, code.replace(/\s/g, ""));
    } catch (error) {
      const { status, error: word } = error as { status?: number; error?: string };
      setBusy(false);
      if (word === "OneTimeCodeNeeded") {
        if (asksCode) setProblem(t("signInCodeWrong"));
        setAsksCode(true);
      } else if (status === 401) setProblem(t("signInWrong"));
      else setProblem(status === 429 ? t("signInTooMany") : problemOf(t, error));
    }
  };
  return (
    <DoorFrame title={t("signInTitle")} intro={t("signInIntro")}>
      <form className="door-form" onSubmit={submit}>
        {over && <Banner kind="info">{t("sessionOver")}</Banner>}
        {problem && (
          <div role="alert">
            <Banner kind="bad">{problem}</Banner>
          </div>
        )}
        <Field
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          isRequired
          autoFocus
        />
        <PasswordField
          label={t("password")}
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
        />
        {asksCode && (
          <Field
            label={t("oneTimeCode")}
            help={t("oneTimeCodeHelp")}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={setCode}
            isRequired
            autoFocus
          />
        )}
        <Button kind="primary" type="submit" busy={busy} className="door-button">
          {t("signIn")}
        </Button>
      </form>
    </DoorFrame>
  );
}
