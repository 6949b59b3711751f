/** What is wrong with the answers of a form, before they leave. The gateway checks again. */
import type { FormAnswer, FormField, PrechatField } from "../../engine/wire";
import { codePoints } from "../length";

export type AnyField = (FormField | PrechatField) & { required?: boolean };
export type Problem = {
  key: "formErrorRequired" | "formErrorEmail" | "formErrorSelect" | "formErrorShort" | "formErrorLong";
  n?: number;
};

const DEFAULT_MAX = 128;
const EMAIL = /^[^\s@<>()[\],;:"\\]{1,64}@(?:[^\s@.<>()[\],;:"\\]{1,63}\.)+[^\s@.<>()[\],;:"\\]{2,63}$/u;

export function problemOf(field: AnyField, value: string): Problem | null {
  const text = value.trim();
  // The fields of a form are always required; those of a pre-chat form say so.
  if (text === "")
    return field.required === false
      ? null
      : { key: field.type === "select" ? "formErrorSelect" : "formErrorRequired" };
  if (field.type === "email")
    return text.length <= DEFAULT_MAX && EMAIL.test(text) ? null : { key: "formErrorEmail" };
  if (field.type === "select")
    return field.options.some((option) => option.name === value) ? null : { key: "formErrorSelect" };
  const length = codePoints(text);
  const [least, most] = [field.minSize ?? 1, field.maxSize ?? DEFAULT_MAX];
  if (length < least) return { key: "formErrorShort", n: least };
  return length > most ? { key: "formErrorLong", n: most } : null;
}

export function answerOf(field: FormField, value: string): FormAnswer {
  const { name, label } = field;
  if (field.type === "email") return { type: "email", name, label, email: value.trim() };
  if (field.type === "text") return { type: "text", name, label, text: value.trim() };
  return { type: "select", name, label, select: field.options.filter((option) => option.name === value) };
}
