/** Turns one-time codes on, with a QR code and a first code as proof, and off again. */
import type { Totp } from "@passerelle/client";
import { useState } from "react";
import { useAct } from "../admin/parts/act";
import { CopyBox } from "../admin/parts/copy";
import { useForm } from "../admin/parts/form";
import { FormProblem } from "../admin/parts/problem";
import { useCommonText } from "../admin/parts/texts";
import { api } from "../desk/api";
import { useMe, useSession } from "../session/session";
import { Button, Chip, Dialog, Field, Section, toast } from "../ui";
import { QrCode } from "./qr-code";
import { useAccountText } from "./texts";

export function TwoFactor() {
  const t = useAccountText();
  const common = useCommonText();
  const me = useMe();
  const act = useAct();
  const isOn = me.two_factor_auth_enabled;
  const [totp, setTotp] = useState<Totp | null>(null);
  const [ends, setEnds] = useState(false);
  const begin = () => act(async () => setTotp(await api.me.beginTotp()));
  const know = (on: boolean) => {
    useSession.setState({ state: "in", me: { ...me, two_factor_auth_enabled: on } }, true);
    toast({ kind: "done", text: t(on ? "twoFactorIsOn" : "twoFactorIsOff") });
    setTotp(null);
    setEnds(false);
  };
  return (
    <Section
      title={t("twoFactor")}
      intro={t(isOn ? "twoFactorOn" : "twoFactorOff")}
      actions={
        isOn ? (
          <Button onPress={() => setEnds(true)}>{t("twoFactorEnd")}</Button>
        ) : (
          <Button kind="primary" icon="shield" onPress={() => void begin()}>
            {t("twoFactorBegin")}
          </Button>
        )
      }
    >
      <div>
        <Chip tone={isOn ? "good" : "warn"} icon={isOn ? "shield" : "warning"}>
          {common(isOn ? "on" : "off")}
        </Chip>
      </div>
      {totp && <Begin totp={totp} onDone={() => know(true)} onClose={() => setTotp(null)} />}
      {ends && <End onDone={() => know(false)} onClose={() => setEnds(false)} />}
    </Section>
  );
}

function Begin({ totp, onDone, onClose }: { totp: Totp; onDone(): void; onClose(): void }) {
  const t = useAccountText();
  return (
    <CodeDialog
      title={t("twoFactor")}
      action={t("twoFactorConfirm")}
      send={(code) => api.me.confirmTotp(code)}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{t("twoFactorScan")}</p>
      <QrCode text={totp.uri} label={t("twoFactorQr")} />
      <CopyBox label={t("twoFactorSecret")} text={totp.secret.replace(/(.{4})(?=.)/g, "$1 ")} />
      <p className="small">
        {t("twoFactorUri")}: <a href={totp.uri}>{t("twoFactorOpen")}</a>
      </p>
    </CodeDialog>
  );
}

function End({ onDone, onClose }: { onDone(): void; onClose(): void }) {
  const t = useAccountText();
  return (
    <CodeDialog
      title={t("twoFactorEnd")}
      action={t("twoFactorEnd")}
      danger
      send={(code) => api.me.endTotp(code)}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{t("twoFactorEndText")}</p>
    </CodeDialog>
  );
}

interface CodeProps {
  title: string;
  action: string;
  danger?: boolean;
  send(code: string): Promise<unknown>;
  onDone(): void;
  onClose(): void;
  children: React.ReactNode;
}

const SIX_DIGITS = /^\d{6}$/;

function CodeDialog({ title, action, danger = false, send, onDone, onClose, children }: CodeProps) {
  const t = useAccountText();
  const common = useCommonText();
  const form = useForm({ code: "" });
  const isWhole = SIX_DIGITS.test(form.draft.code);
  const confirm = async () => {
    if (isWhole && (await form.submit(({ code }) => send(code)))) onDone();
  };
  return (
    <Dialog
      title={title}
      isOpen
      firm
      size="small"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{common("cancel")}</Button>
          <Button
            kind={danger ? "danger" : "primary"}
            busy={form.isBusy}
            isDisabled={!isWhole}
            onPress={() => void confirm()}
          >
            {action}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        {children}
        <FormProblem problem={form.problem} shown={["code"]} />
        <Field
          label={t("code")}
          value={form.draft.code}
          onChange={(code) => form.change({ code: code.replace(/\D/g, "").slice(0, 6) })}
          error={form.about("code")}
          inputMode="numeric"
          autoComplete="one-time-code"
          monospace
          autoFocus
        />
      </form>
    </Dialog>
  );
}
