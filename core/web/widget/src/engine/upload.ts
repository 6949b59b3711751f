/** The way that a file takes. Loaded when the first one leaves. */
import type { Upload, Uploaded } from "./world";

/** `fetch` tells nothing of what has left, so uploads go by the older door. */
export function send({ url, headers, file, progress, signal }: Upload): Promise<Uploaded> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("source", file, file.name);
    request.open("POST", url);
    request.responseType = "json";
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onloadend = () => resolve({ status: request.status, body: request.response });
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
