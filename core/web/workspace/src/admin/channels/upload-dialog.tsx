/** Installs a plugin: first what it asks for, read out of the file in this browser, then the admin's yes. */
import type { Plugin } from "@passerelle/client";
import { useState } from "react";
import { DropZone, FileTrigger, Text } from "react-aria-components";
import { api } from "../../desk/api";
import { useText } from "../../i18n";
import { Banner, Button, Dialog, Icon, problemOf, Skeleton, toast } from "../../ui";
import { type Manifest, readManifest } from "./manifest";
import { PermissionSummary } from "./permission-summary";
import { useChannelText } from "./texts";

interface Props {
  installed: readonly Plugin[];
  onInstalled(): void;
  onClose(): void;
}

type Step =
  | { name: "choosing"; problem?: string }
  | { name: "reading" }
  | { name: "deciding"; file: File; manifest: Manifest }
  | { name: "installing"; manifest: Manifest; share: number };

export function UploadDialog({ installed, onInstalled, onClose }: Props) {
  const t = useChannelText();
  const shell = useText();
  const [step, setStep] = useState<Step>({ name: "choosing" });
  const read = async (file: File | undefined) => {
    if (!file) return;
    setStep({ name: "reading" });
    const manifest = await readManifest(file);
    setStep(
      manifest ? { name: "deciding", file, manifest } : { name: "choosing", problem: t("uploadNotPlugin") },
    );
  };
  const install = async (file: File, manifest: Manifest) => {
    setStep({ name: "installing", manifest, share: 0 });
    const onProgress = (share: number) => setStep({ name: "installing", manifest, share });
    try {
      await api.plugins.install(file, { onProgress });
      toast({ kind: "done", text: t("uploaded", { name: manifest.name, version: manifest.version }) });
      onInstalled();
    } catch (error) {
      setStep({ name: "choosing", problem: problemOf(shell, error) });
    }
  };
  const before = "manifest" in step ? installed.find(({ id }) => id === step.manifest.id) : undefined;
  return (
    <Dialog
      title={t("uploadTitle")}
      isOpen
      firm={step.name !== "choosing"}
      onClose={onClose}
      actions={
        step.name === "deciding" && (
          <>
            <Button onPress={() => setStep({ name: "choosing" })}>{t("uploadOther")}</Button>
            <Button kind="primary" icon="upload" onPress={() => void install(step.file, step.manifest)}>
              {asksForMore(step.manifest, before) ? t("uploadGoNew") : t("uploadGo")}
            </Button>
          </>
        )
      }
    >
      {step.name === "choosing" && <Choice problem={step.problem} onFile={(file) => void read(file)} />}
      {step.name === "reading" && <Skeleton lines={5} />}
      {step.name === "deciding" && <PermissionSummary manifest={step.manifest} before={before} />}
      {step.name === "installing" && (
        <p role="status">{t("uploading", { percent: Math.round(step.share * 100) })}</p>
      )}
    </Dialog>
  );
}

function asksForMore({ hosts }: Manifest, before: Plugin | undefined): boolean {
  return hosts.some((host) => !before?.hosts.asked.includes(host));
}

function Choice({ problem, onFile }: { problem: string | undefined; onFile(file: File | undefined): void }) {
  const t = useChannelText();
  return (
    <div className="form">
      {problem && (
        <div role="alert">
          <Banner kind="bad">{problem}</Banner>
        </div>
      )}
      <DropZone
        className="drop"
        onDrop={async ({ items }) => {
          const file = items.find((item) => item.kind === "file");
          onFile(await file?.getFile());
        }}
      >
        <Icon name="upload" size={28} />
        <Text slot="label">{t("uploadDrop")}</Text>
        <span className="help">{t("uploadHelp")}</span>
        <FileTrigger
          acceptedFileTypes={[".wasm", "application/wasm"]}
          onSelect={(files) => onFile(files?.[0])}
        >
          <Button>{t("uploadChoose")}</Button>
        </FileTrigger>
      </DropZone>
    </div>
  );
}
