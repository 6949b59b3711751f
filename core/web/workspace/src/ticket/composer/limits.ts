/** What may be attached, as the gateway judges it too. Here it only saves the way. */

/** The fixed list of the product: 58 endings, and archives. */
export const EXTENSIONS: ReadonlySet<string> = new Set(
  `3g2 3gp 7z aac amr avi bmp csv doc docx eml gif heic heif ics jfif jpeg jpg key log m4a m4v mov mp3 mp4 mp4a mpeg mpg mpga
  neon numbers odt oga ogg ogv opus pages pdf png pps ppsx ppt pptx qt svg tif tiff txt vcf wav webm webp wmv xls xlsx xml
  yaml yml zip`.split(/\s+/),
);
export const MAX_FILE_BYTES = 50 * 1024 * 1024;
export const MAX_FILES = 10;

export type FileProblem = "fileTooLarge" | "fileType" | "fileEmpty";

export function fileProblem(file: { name: string; size: number }): FileProblem | null {
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? "";
  if (!EXTENSIONS.has(ending)) return "fileType";
  if (file.size > MAX_FILE_BYTES) return "fileTooLarge";
  return file.size === 0 ? "fileEmpty" : null;
}
