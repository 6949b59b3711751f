/** Files of a draft: on their way, and there. */
import { draftOf, type Mode, useDraft, writeDraft } from "../../desk/drafts";
import { useFormat, useText } from "../../i18n";
import { Icon, IconButton } from "../../ui";
import { type UploadingFile, useUploads } from "./uploads";

export function Files({ ticketId, mode }: { ticketId: number; mode: Mode }) {
  const t = useText();
  const format = useFormat();
  const { files } = useDraft(ticketId, mode);
  const all = useUploads((state) => state.files);
  const uploading = all.filter((file) => file.ticketId === ticketId && file.mode === mode);
  if (!files.length && !uploading.length) return null;
  const remove = (token: string) =>
    writeDraft(ticketId, mode, {
      files: draftOf(ticketId, mode).files.filter((file) => file.token !== token),
    });
  return (
    <ul className="draft-files">
      {files.map(({ token, attachment }) => (
        <li key={token} className="draft-file">
          <Icon name={attachment.content_type.startsWith("image/") ? "image" : "file"} size={15} />
          <span className="cut">{attachment.file_name}</span>
          <span className="soft small">{format.bytes(attachment.size)}</span>
          <IconButton
            icon="close"
            size="small"
            label={t("removeFile", { name: attachment.file_name })}
            onPress={() => remove(token)}
          />
        </li>
      ))}
      {uploading.map((file) => (
        <UploadingRow key={file.key} file={file} />
      ))}
    </ul>
  );
}

function UploadingRow({ file }: { file: UploadingFile }) {
  const t = useText();
  const percent = Math.round(file.progress * 100);
  return (
    <li className="draft-file">
      <span className="spinner" aria-hidden="true" />
      <span className="cut">{file.name}</span>
      <progress
        className="progress"
        max={100}
        value={percent}
        aria-label={t("uploading", { name: file.name, percent })}
      />
      <IconButton
        icon="close"
        size="small"
        label={t("cancelUpload", { name: file.name })}
        onPress={() => file.stop.abort()}
      />
    </li>
  );
}
