/** What the sign-in and the set-up look like around their forms. */
import { type ReactNode, useState } from "react";
import { useText } from "../i18n";
import { Logo } from "../shell/logo";
import { Field, IconButton } from "../ui";

export function DoorFrame({ title, intro, children }: { title: string; intro: string; children: ReactNode }) {
  return (
    <main className="door">
      <div className="door-card">
        <header className="door-head">
          <span className="door-logo">
            <Logo size={30} />
          </span>
          <h1 className="door-title">{title}</h1>
          <p className="soft">{intro}</p>
        </header>
        {children}
      </div>
      <p className="door-foot">Passerelle</p>
    </main>
  );
}

interface Props {
  label: string;
  value: string;
  autoComplete: "current-password" | "new-password";
  help?: string;
  error?: string | null;
  onChange(value: string): void;
}

export function PasswordField(props: Props) {
  const t = useText();
  const [shown, setShown] = useState(false);
  return (
    <div className="password">
      <Field {...props} name="password" type={shown ? "text" : "password"} isRequired />
      <IconButton
        icon="eye"
        size="small"
        className="password-eye"
        label={shown ? t("hidePassword") : t("showPassword")}
        pressed={shown}
        onPress={() => setShown(!shown)}
      />
    </div>
  );
}
