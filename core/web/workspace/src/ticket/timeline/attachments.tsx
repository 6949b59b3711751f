/** Files of a message. Only pictures of safe types from our own house are shown; what the malware check holds back is not offered. */
import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import type { Attachment } from "../../desk/wire";
import { useFormat, useText } from "../../i18n";
import { Dialog, Icon } from "../../ui";
import { ownFile, safeLink } from "../links";
import { OUTSIDE } from "./words";

const SAFE_PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

export function Attachments({ files }: { files: readonly Attachment[] }) {
  if (!files.length) return null;
  return (
    <ul className="files">
      {files.map((file, at) => (
        <li key={file.id ?? `${file.file_name}-${at}`}>
          <File file={file} />
        </li>
      ))}
    </ul>
  );
}

function File({ file }: { file: Attachment }) {
  const verdict = verdictOf(file);
  const src = verdict === "clean" ? ownFile(file.content_url) : null;
  const elsewhere = verdict === "clean" && !src ? safeLink(file.content_url) : null;
  const [broken, setBroken] = useState(false);
  if (src && !broken && SAFE_PICTURES.includes(file.content_type))
    return <Picture src={src} name={file.file_name} onBroken={() => setBroken(true)} />;
  return <FileCard file={file} href={src ?? elsewhere} verdict={verdict} />;
}

type Verdict = "clean" | "scanning" | "held";

/** A gateway without a scanner says nothing, or that it did not scan: then the file is as safe as any. */
function verdictOf({ malware_scan_result: result }: Attachment): Verdict {
  if (result === "malware_found") return "held";
  return result === "pending" || result === "scanning" ? "scanning" : "clean";
}

function Picture({ src, name, onBroken }: { src: string; name: string; onBroken(): void }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <AriaButton className="picture" aria-label={t("openImage", { name })} onPress={() => setOpen(true)}>
        <img src={src} alt={name} loading="lazy" decoding="async" onError={onBroken} />
      </AriaButton>
      <Dialog title={name} isOpen={open} onClose={() => setOpen(false)} size="wide">
        <img className="picture-large" src={src} alt={name} />
        <a className="download" href={src} download={name}>
          <Icon name="download" size={16} />
          {t("download")}
        </a>
      </Dialog>
    </>
  );
}

function FileCard({ file, href, verdict }: { file: Attachment; href: string | null; verdict: Verdict }) {
  const t = useText();
  const format = useFormat();
  const kind = /\.([a-z0-9]{1,5})$/i.exec(file.file_name)?.[1]?.toUpperCase();
  const note =
    verdict === "held"
      ? t("fileQuarantined")
      : verdict === "scanning"
        ? t("fileScanning")
        : format.bytes(file.size);
  const inside = (
    <>
      <span className="file-kind" aria-hidden="true">
        {verdict === "held" ? <Icon name="shield" size={18} /> : (kind ?? <Icon name="file" size={18} />)}
      </span>
      <span className="grow">
        <span className="file-name cut">{file.file_name}</span>
        <span className={verdict === "held" ? "file-note is-bad" : "file-note"}>{note}</span>
      </span>
    </>
  );
  if (!href) return <div className={`file ${verdict === "held" ? "file-held" : ""}`}>{inside}</div>;
  return (
    <a className="file" href={href} download={file.file_name} {...OUTSIDE}>
      {inside}
      <span className="hidden">{t("download")}</span>
      <Icon name="download" size={16} />
    </a>
  );
}
